// What every program of the box does as a process: options, the ready line, ending.
#ifndef BOX_PROCESS_H
#define BOX_PROCESS_H

#include <stdbool.h>

typedef struct {
  const char *name; // for the ready line and the log: "bank"
  const char *host; // to listen on; the control port is always on 127.0.0.1
  int port;         // 0: a free one
  int control;
  const char *state;
  const char *journal;
  bool exit_with_parent;
} process_options;

// Reads --host, --port, --control, --state, --journal, --exit-with-parent; prints the usage and ends the process when they are wrong.
// Blocks SIGTERM and SIGINT for all threads and ignores SIGPIPE.
process_options process_start(const char *name, int argc, char **argv);

// Prints "NAME ready PORT CONTROL" on standard output.
void process_ready(const char *name, int port, int control);

// Waits for SIGTERM or SIGINT, or for standard input to close when asked.
void process_wait(const process_options *options);

// A line on standard error. No customer data.
void process_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Logs and ends the process at once, as a crash would: nothing is flushed but what is synced already.
_Noreturn void process_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
