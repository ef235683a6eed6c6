// Reads commands, answers them.
#include "control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "json.h"
#include "ledger.h"

enum { MOST_LINE_BYTES = 64 * 1024, ANSWER_BYTES = 8 * 1024 };

static server *service;
static void (*reset_state)(void);

static void answer_stats(char *out, size_t room) {
  server_counts counts = server_count(service);
  size_t used = (size_t)snprintf(out, room, "{\"ok\":true,\"connections\":{\"accepted\":%ld,\"open\":%ld,\"peak\":%ld},",
                                 counts.accepted, counts.open, counts.peak);
  used += faults_write_stats(out + used, room - used);
  snprintf(out + used, room - used, "}");
}

static void answer_journal(char *out, size_t room) {
  uint64_t sequence, bytes;
  ledger_journal(&sequence, &bytes);
  snprintf(out, room, "{\"ok\":true,\"sequence\":%" PRIu64 ",\"bytes\":%" PRIu64 "}", sequence, bytes);
}

static void answer(const json *command, char *out, size_t room) {
  const char *name = json_text_of(command, "command", "");
  char mistake[200] = "unknown command: plan, clear, stats, journal, reset";
  snprintf(out, room, "{\"ok\":true}");
  if (strcmp(name, "plan") == 0) {
    if (faults_plan(command, mistake, sizeof mistake)) {
      server_set_down(service, faults_down());
      snprintf(out, room, "{\"ok\":true,\"rules\":%d}", faults_rules());
      return;
    }
  } else if (strcmp(name, "clear") == 0) {
    faults_clear();
    server_set_down(service, false);
    return;
  } else if (strcmp(name, "stats") == 0) {
    answer_stats(out, room);
    return;
  } else if (strcmp(name, "journal") == 0) {
    answer_journal(out, room);
    return;
  } else if (strcmp(name, "reset") == 0) {
    reset_state();
    faults_forget_stats();
    return;
  }
  snprintf(out, room, "{\"ok\":false,\"mistake\":\"%s\"}", command == NULL ? "not a JSON object" : mistake);
}

static void obey(int connection) {
  FILE *in = fdopen(dup(connection), "r");
  char *line = malloc(MOST_LINE_BYTES);
  char out[ANSWER_BYTES];
  while (in != NULL && line != NULL && fgets(line, MOST_LINE_BYTES, in) != NULL) {
    if (strchr(line, '\n') == NULL) break; // cut off, or longer than any command
    json *command = json_parse(line);
    answer(command, out, sizeof out - 1);
    json_free(command);
    strcat(out, "\n");
    if (!server_write(connection, out, strlen(out))) break;
  }
  free(line);
  if (in != NULL) fclose(in);
}

server *control_start(int port, server *served, void (*reset)(void)) {
  service = served;
  reset_state = reset;
  return server_start("127.0.0.1", port, obey, NULL);
}
