// The COBOL thread, its queue, and the C functions that the COBOL programs call: AFTERIMG, EFFECT, ABEND, HALT.
#define _GNU_SOURCE
#include "region.h"

#include <dirent.h>
#include <errno.h>
#include <libcob.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../box/ledger.h"
#include "../box/process.h"

// DFHEIBLK of cobol/copy.
typedef struct __attribute__((packed)) {
  int32_t commarea_length;
  char date[8];
  char time[6];
  char detects_duplicates;
} exec_interface_block;

// FILECALL of cobol/copy.
typedef struct {
  char verb[8];
  char result[2];
} file_call;

extern int ACCTFILE(file_call *call, void *record);
extern int CUSTFILE(file_call *call, void *record);
extern int ENTRFILE(file_call *call, void *record);
extern int SEED(int32_t *load_accounts);

static const struct {
  char name[9]; // as in AFTERIMG
  int (*entry)(file_call *, void *);
  size_t record_length;
} files[] = {{"ACCOUNTS", ACCTFILE, 63}, {"CUSTOMRS", CUSTFILE, 38}, {"ENTRIES ", ENTRFILE, 112}};
enum { FILES = sizeof files / sizeof *files, MOST_RECORD = 112, NAME_LENGTH = 8 };

typedef enum { LINK, RESET, STOP } task_kind;

typedef struct task {
  task_kind kind;
  const program *program;
  unsigned char *commarea;
  int length;
  char abend[5];
  uint64_t position;
  bool done;
  struct task *next;
} task;

static struct {
  region_options options;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  task *first, **last;
  bool ready;
} region = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

// Of the task that runs: its after images ({ file name 8, record } each), its effect, its abend code.
static struct {
  unsigned char *images;
  size_t length, room;
  char effect[500];
  char abend[5];
} running;

static void forget_running(void) {
  running.length = 0;
  running.effect[0] = running.abend[0] = '\0';
}

// CALL 'AFTERIMG' USING file record length.
int AFTERIMG(const char *file, const unsigned char *record, const int32_t *length) {
  size_t needed = running.length + NAME_LENGTH + (size_t)*length;
  if (needed > running.room) {
    running.room = 2 * needed;
    running.images = realloc(running.images, running.room);
    if (running.images == NULL) process_fail("out of memory");
  }
  memcpy(running.images + running.length, file, NAME_LENGTH);
  memcpy(running.images + running.length + NAME_LENGTH, record, (size_t)*length);
  running.length = needed;
  return 0;
}

// "+000000000012345" (sign, 13 digits, 2 decimals) to "123.45".
static void write_amount(char *out, const char *number) {
  const char *digit = number + 1;
  while (digit < number + 13 && *digit == '0') digit++;
  sprintf(out, "%s%.*s.%.2s", *number == '-' ? "-" : "", (int)(number + 14 - digit), digit, number + 14);
}

// CALL 'EFFECT' USING EFFECT-LINE (cobol/copy/EFFECT.cpy).
int EFFECT(const char *line) {
  char program_name[40], reference[120], account[80], amount[24], balance[24];
  json_write_latin1(program_name, sizeof program_name, line, 8);
  json_write_latin1(reference, sizeof reference, line + 8, 16);
  json_write_latin1(account, sizeof account, line + 24, 10);
  write_amount(amount, line + 35);
  write_amount(balance, line + 51);
  snprintf(running.effect, sizeof running.effect,
           "\"program\":%s,\"reference\":%s,\"account\":%s,\"direction\":\"%c\",\"amount\":\"%s\",\"balance\":\"%s\","
           "\"currency\":\"%.3s\",\"entry\":%ld",
           program_name, reference, account, line[34], amount, balance, line + 67, strtol(line + 70, NULL, 10));
  return 0;
}

// CALL 'ABEND' USING code. The program ends itself right after; it must not have changed anything.
int ABEND(const char *code) {
  memcpy(running.abend, code, 4);
  running.abend[4] = '\0';
  return 0;
}

// CALL 'HALT' USING file status: a file fails. The region stops; a restart rebuilds the files from the log.
int HALT(const char *file, const char *status) { process_fail("file %.8s: status %.2s", file, status); }

static void call_files(const char *verb) {
  char record[MOST_RECORD];
  for (int i = 0; i < FILES; i++) {
    file_call call;
    memcpy(call.verb, verb, sizeof call.verb);
    memset(record, ' ', sizeof record);
    files[i].entry(&call, record);
  }
}

static void replay_images(const unsigned char *payload, size_t length) {
  while (length > 0) {
    int i = 0;
    while (i < FILES && (length < NAME_LENGTH || memcmp(files[i].name, payload, NAME_LENGTH) != 0)) i++;
    if (i == FILES || length < NAME_LENGTH + files[i].record_length) process_fail("the log is of another version");
    unsigned char record[MOST_RECORD];
    memcpy(record, payload + NAME_LENGTH, files[i].record_length);
    file_call call = {.verb = "LOAD    "};
    files[i].entry(&call, record);
    payload += NAME_LENGTH + files[i].record_length;
    length -= NAME_LENGTH + files[i].record_length;
  }
}

static void seed(void) {
  int32_t load_accounts = region.options.load_accounts;
  forget_running();
  SEED(&load_accounts);
  ledger_restart(running.images, running.length);
}

static void run_program(task *it) {
  time_t now = time(NULL);
  struct tm utc;
  char at[15];
  gmtime_r(&now, &utc);
  strftime(at, sizeof at, "%Y%m%d%H%M%S", &utc);
  exec_interface_block eib = {.commarea_length = it->length,
                              .detects_duplicates = region.options.detects_duplicates ? 'Y' : 'N'};
  memcpy(eib.date, at, 8);
  memcpy(eib.time, at + 8, 6);
  forget_running();
  it->program->entry(&eib, it->commarea);
  memcpy(it->abend, running.abend, sizeof it->abend);
  if (running.length > 0 && running.abend[0] != '\0') process_fail("%s abended after a change", it->program->name);
  it->position = running.length == 0
                   ? ledger_position()
                   : ledger_append(running.images, running.length, running.effect[0] == '\0' ? NULL : running.effect);
}

static void make_folder(const char *path) {
  if (mkdir(path, 0700) != 0 && errno != EEXIST) process_fail("cannot make the folder %s: %s", path, strerror(errno));
}

// What a crash left of the indexed files may not even open.
static void empty_folder(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) process_fail("cannot read the folder %s: %s", path, strerror(errno));
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (entry->d_type == DT_REG && unlinkat(dirfd(folder), entry->d_name, 0) != 0)
      process_fail("cannot remove %s/%s: %s", path, entry->d_name, strerror(errno));
  closedir(folder);
}

static void start_files(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s/files", region.options.state);
  make_folder(region.options.state);
  make_folder(path);
  empty_folder(path);
  setenv("COB_FILE_PATH", path, 1);
  cob_init(0, NULL);
  call_files("OPEN    ");
  if (!ledger_open(region.options.state, region.options.journal, replay_images)) seed();
}

static void run_task(task *it) {
  switch (it->kind) {
  case LINK: run_program(it); break;
  case RESET:
    call_files("CLOSE   ");
    call_files("OPEN    ");
    seed();
    break;
  case STOP: call_files("CLOSE   "); break;
  }
}

static void *run_tasks(void *unused) {
  (void)unused;
  start_files();
  pthread_mutex_lock(&region.lock);
  region.ready = true;
  pthread_cond_broadcast(&region.changed);
  for (bool stopped = false; !stopped;) {
    while (region.first == NULL) pthread_cond_wait(&region.changed, &region.lock);
    task *it = region.first;
    region.first = it->next;
    if (region.first == NULL) region.last = &region.first;
    pthread_mutex_unlock(&region.lock);
    stopped = it->kind == STOP;
    run_task(it);
    pthread_mutex_lock(&region.lock);
    it->done = true;
    pthread_cond_broadcast(&region.changed);
  }
  pthread_mutex_unlock(&region.lock);
  return NULL;
}

static void run_and_wait(task *it) {
  pthread_mutex_lock(&region.lock);
  *region.last = it;
  region.last = &it->next;
  pthread_cond_broadcast(&region.changed);
  while (!it->done) pthread_cond_wait(&region.changed, &region.lock);
  pthread_mutex_unlock(&region.lock);
}

void region_start(region_options options) {
  region.options = options;
  region.last = &region.first;
  pthread_t thread;
  if (pthread_create(&thread, NULL, run_tasks, NULL) != 0) process_fail("cannot start a thread");
  pthread_mutex_lock(&region.lock);
  while (!region.ready) pthread_cond_wait(&region.changed, &region.lock);
  pthread_mutex_unlock(&region.lock);
}

bool region_link(const program *it, unsigned char *commarea, int length, char abend[5]) {
  task mine = {.kind = LINK, .program = it, .commarea = commarea, .length = length};
  run_and_wait(&mine);
  ledger_wait(mine.position);
  memcpy(abend, mine.abend, 5);
  return mine.abend[0] == '\0';
}

void region_reset(void) {
  task mine = {.kind = RESET};
  run_and_wait(&mine);
}

void region_stop(void) {
  task mine = {.kind = STOP};
  run_and_wait(&mine);
  ledger_wait(ledger_position());
}
