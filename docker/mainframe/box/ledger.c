// The log of the state and the journal of effects; see the order in the header.
#define _GNU_SOURCE
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

enum { HEADER_LENGTH = 24, MOST_GROUP_BYTES = 64 << 20, MOST_EFFECT_BYTES = 1000 };
static const char magic[4] = {'G', 'R', 'P', '1'};

static struct {
  char log_path[4000];
  int log;
  int journal;
  uint64_t sequence;      // of the last effect
  uint64_t journal_bytes; // written
  pthread_mutex_t lock;
  pthread_cond_t changed;
  uint64_t appended; // groups written to the log
  uint64_t synced;   // groups that are safe, with their journal lines
  char *pending;     // journal lines of groups that are appended and not synced
  size_t pending_length, pending_room;
} ledger = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static uint32_t crc32_of(const unsigned char *bytes, size_t length, uint32_t crc) {
  static uint32_t table[256];
  if (table[1] == 0)
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t c = i;
      for (int bit = 0; bit < 8; bit++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      table[i] = c;
    }
  crc = ~crc;
  for (size_t i = 0; i < length; i++) crc = table[(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

static void write_all(int file, const void *bytes, size_t length, const char *what) {
  const char *from = bytes;
  while (length > 0) {
    ssize_t written = write(file, from, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) process_fail("cannot write the %s: %s", what, strerror(errno));
    from += written;
    length -= (size_t)written;
  }
}

static void sync_or_fail(int file, const char *what) {
  if (fdatasync(file) != 0) process_fail("cannot sync the %s: %s", what, strerror(errno));
}

static unsigned char *build_group(const unsigned char *payload, size_t length, uint64_t sequence, const char *line,
                                  size_t line_length, size_t *size) {
  *size = HEADER_LENGTH + length + line_length;
  unsigned char *group = malloc(*size);
  if (group == NULL) process_fail("out of memory");
  uint32_t lengths[2] = {(uint32_t)length, (uint32_t)line_length};
  uint32_t crc = crc32_of((const unsigned char *)line, line_length, crc32_of(payload, length, 0));
  memcpy(group, magic, 4);
  memcpy(group + 4, lengths, 8);
  memcpy(group + 12, &sequence, 8);
  memcpy(group + 20, &crc, 4);
  memcpy(group + HEADER_LENGTH, payload, length);
  memcpy(group + HEADER_LENGTH + length, line, line_length);
  return group;
}

// Cuts a line that a crash left unfinished, and takes the sequence from the last whole one.
static void open_journal(const char *path) {
  ledger.journal = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat status;
  if (ledger.journal < 0 || fstat(ledger.journal, &status) != 0)
    process_fail("cannot open the journal %s: %s", path, strerror(errno));
  if (flock(ledger.journal, LOCK_EX | LOCK_NB) != 0) process_fail("another process writes %s", path);
  char tail[4 * MOST_EFFECT_BYTES];
  off_t from = status.st_size > (off_t)sizeof tail ? status.st_size - (off_t)sizeof tail : 0;
  ssize_t got = pread(ledger.journal, tail, (size_t)(status.st_size - from), from);
  char *end = got > 0 ? memrchr(tail, '\n', (size_t)got) : NULL;
  ledger.journal_bytes = end == NULL ? 0 : (uint64_t)(from + (end - tail) + 1);
  if (ftruncate(ledger.journal, (off_t)ledger.journal_bytes) != 0) process_fail("cannot cut the journal");
  if (end == NULL) return;
  char *start = memrchr(tail, '\n', (size_t)(end - tail));
  start = start == NULL ? tail : start + 1;
  if (sscanf(start, "{\"sequence\":%" SCNu64, &ledger.sequence) != 1)
    process_fail("%s is not a journal of effects", path);
}

// Reads one group; false at the end or at a torn group.
static bool read_group(FILE *log, unsigned char **payload, uint32_t *length, char **line, uint32_t *line_length,
                       uint64_t *sequence) {
  unsigned char header[HEADER_LENGTH];
  if (fread(header, 1, HEADER_LENGTH, log) != HEADER_LENGTH || memcmp(header, magic, 4) != 0) return false;
  uint32_t crc;
  memcpy(length, header + 4, 4);
  memcpy(line_length, header + 8, 4);
  memcpy(sequence, header + 12, 8);
  memcpy(&crc, header + 20, 4);
  if (*length > MOST_GROUP_BYTES || *line_length > MOST_EFFECT_BYTES) return false;
  size_t size = (size_t)*length + *line_length;
  *payload = malloc(size + 1);
  if (*payload == NULL) process_fail("out of memory");
  if (fread(*payload, 1, size, log) != size || crc32_of(*payload, size, 0) != crc) {
    free(*payload);
    return false;
  }
  *line = (char *)*payload + *length;
  return true;
}

static void complete_journal(const char *line, size_t length, uint64_t sequence) {
  if (sequence <= ledger.sequence) return;
  write_all(ledger.journal, line, length, "journal");
  ledger.journal_bytes += length;
  ledger.sequence = sequence;
}

static bool replay_log(ledger_replay *replay) {
  FILE *log = fdopen(dup(ledger.log), "r");
  if (log == NULL) process_fail("cannot read the log");
  off_t good = 0;
  unsigned char *payload;
  char *line;
  uint32_t length, line_length;
  uint64_t sequence;
  while (read_group(log, &payload, &length, &line, &line_length, &sequence)) {
    replay(payload, length);
    complete_journal(line, line_length, sequence);
    good += HEADER_LENGTH + (off_t)length + (off_t)line_length;
    free(payload);
  }
  fclose(log);
  if (ftruncate(ledger.log, good) != 0 || lseek(ledger.log, good, SEEK_SET) < 0) process_fail("cannot cut the log");
  return good > 0;
}

static void *sync_groups(void *unused) {
  (void)unused;
  pthread_mutex_lock(&ledger.lock);
  for (;;) {
    while (ledger.synced == ledger.appended) pthread_cond_wait(&ledger.changed, &ledger.lock);
    uint64_t until = ledger.appended;
    char *lines = ledger.pending;
    size_t length = ledger.pending_length;
    ledger.pending = NULL;
    ledger.pending_length = ledger.pending_room = 0;
    pthread_mutex_unlock(&ledger.lock);
    sync_or_fail(ledger.log, "log");
    if (length > 0) {
      write_all(ledger.journal, lines, length, "journal");
      sync_or_fail(ledger.journal, "journal");
    }
    free(lines);
    pthread_mutex_lock(&ledger.lock);
    ledger.journal_bytes += length;
    ledger.synced = until;
    pthread_cond_broadcast(&ledger.changed);
  }
  return NULL;
}

bool ledger_open(const char *state_directory, const char *journal_path, ledger_replay *replay) {
  if (mkdir(state_directory, 0700) != 0 && errno != EEXIST)
    process_fail("cannot make the state folder %s: %s", state_directory, strerror(errno));
  snprintf(ledger.log_path, sizeof ledger.log_path, "%s/log", state_directory);
  ledger.log = open(ledger.log_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (ledger.log < 0) process_fail("cannot open %s: %s", ledger.log_path, strerror(errno));
  if (flock(ledger.log, LOCK_EX | LOCK_NB) != 0) process_fail("another process uses %s", state_directory);
  open_journal(journal_path);
  bool filled = replay_log(replay);
  sync_or_fail(ledger.log, "log");
  sync_or_fail(ledger.journal, "journal");
  pthread_t syncer;
  if (pthread_create(&syncer, NULL, sync_groups, NULL) != 0) process_fail("cannot start a thread");
  return filled;
}

void ledger_restart(const unsigned char *payload, size_t length) {
  ledger_wait(ledger_position());
  char path[sizeof ledger.log_path + 8];
  snprintf(path, sizeof path, "%s.new", ledger.log_path);
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || flock(file, LOCK_EX | LOCK_NB) != 0) process_fail("cannot make %s: %s", path, strerror(errno));
  size_t size;
  unsigned char *group = build_group(payload, length, 0, "", 0, &size);
  write_all(file, group, size, "log");
  free(group);
  sync_or_fail(file, "log");
  if (rename(path, ledger.log_path) != 0) process_fail("cannot replace the log: %s", strerror(errno));
  close(ledger.log);
  ledger.log = file;
}

// "now" in UTC, to the millisecond.
static void write_time(char *out, size_t room) {
  struct timespec now;
  struct tm utc;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
  size_t used = strftime(out, room, "%Y-%m-%dT%H:%M:%S", &utc);
  snprintf(out + used, room - used, ".%03ldZ", now.tv_nsec / 1000000);
}

static void add_pending(const char *line, size_t length) {
  if (ledger.pending_length + length > ledger.pending_room) {
    ledger.pending_room = 2 * ledger.pending_room + length + 4096;
    ledger.pending = realloc(ledger.pending, ledger.pending_room);
    if (ledger.pending == NULL) process_fail("out of memory");
  }
  memcpy(ledger.pending + ledger.pending_length, line, length);
  ledger.pending_length += length;
}

uint64_t ledger_append(const unsigned char *payload, size_t length, const char *effect) {
  char line[MOST_EFFECT_BYTES] = "";
  int line_length = 0;
  uint64_t sequence = 0;
  if (effect != NULL) {
    char at[40];
    write_time(at, sizeof at);
    sequence = ledger.sequence + 1;
    line_length = snprintf(line, sizeof line, "{\"sequence\":%" PRIu64 ",\"at\":\"%s\",%s}\n", sequence, at, effect);
    if (line_length >= (int)sizeof line) process_fail("an effect is too long for the journal");
  }
  size_t size;
  unsigned char *group = build_group(payload, length, sequence, line, (size_t)line_length, &size);
  write_all(ledger.log, group, size, "log");
  free(group);
  pthread_mutex_lock(&ledger.lock);
  if (effect != NULL) ledger.sequence = sequence;
  add_pending(line, (size_t)line_length);
  uint64_t position = ++ledger.appended;
  pthread_cond_broadcast(&ledger.changed);
  pthread_mutex_unlock(&ledger.lock);
  return position;
}

uint64_t ledger_position(void) {
  pthread_mutex_lock(&ledger.lock);
  uint64_t position = ledger.appended;
  pthread_mutex_unlock(&ledger.lock);
  return position;
}

void ledger_wait(uint64_t position) {
  pthread_mutex_lock(&ledger.lock);
  while (ledger.synced < position) pthread_cond_wait(&ledger.changed, &ledger.lock);
  pthread_mutex_unlock(&ledger.lock);
}

void ledger_journal(uint64_t *sequence, uint64_t *bytes) {
  pthread_mutex_lock(&ledger.lock);
  while (ledger.synced < ledger.appended) pthread_cond_wait(&ledger.changed, &ledger.lock);
  *sequence = ledger.sequence;
  *bytes = ledger.journal_bytes;
  pthread_mutex_unlock(&ledger.lock);
}
