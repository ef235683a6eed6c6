// Options, the ready line, and the end of the process.
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *process_name = "box";

static void log_line(const char *format, va_list values) {
  char line[1000];
  vsnprintf(line, sizeof line, format, values);
  fprintf(stderr, "%s: %s\n", process_name, line);
}

void process_log(const char *format, ...) {
  va_list values;
  va_start(values, format);
  log_line(format, values);
  va_end(values);
}

_Noreturn void process_fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  log_line(format, values);
  _exit(70);
}

static _Noreturn void usage(void) {
  fprintf(stderr, "usage: %s [--host 127.0.0.1] --port P --control C --state DIR --journal FILE [--exit-with-parent]\n", process_name);
  exit(64);
}

static int port_of(const char *text) {
  char *end;
  long port = strtol(text, &end, 10);
  if (*end != '\0' || end == text || port < 0 || port > 65535) usage();
  return (int)port;
}

process_options process_start(const char *name, int argc, char **argv) {
  process_name = name;
  static const struct option known[] = {{"host", required_argument, NULL, 'h'},
                                        {"port", required_argument, NULL, 'p'},
                                        {"control", required_argument, NULL, 'c'},
                                        {"state", required_argument, NULL, 's'},
                                        {"journal", required_argument, NULL, 'j'},
                                        {"exit-with-parent", no_argument, NULL, 'e'},
                                        {NULL, 0, NULL, 0}};
  process_options options = {.name = name, .host = "127.0.0.1"};
  int option;
  while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
    switch (option) {
    case 'h': options.host = optarg; break;
    case 'p': options.port = port_of(optarg); break;
    case 'c': options.control = port_of(optarg); break;
    case 's': options.state = optarg; break;
    case 'j': options.journal = optarg; break;
    case 'e': options.exit_with_parent = true; break;
    default: usage();
    }
  }
  if (options.state == NULL || options.journal == NULL || optind != argc) usage();
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, NULL);
  signal(SIGPIPE, SIG_IGN);
  return options;
}

void process_ready(const char *name, int port, int control) {
  printf("%s ready %d %d\n", name, port, control);
  fflush(stdout);
}

static void *watch_input(void *unused) {
  (void)unused;
  char bytes[256];
  ssize_t got;
  do got = read(STDIN_FILENO, bytes, sizeof bytes);
  while (got > 0 || (got < 0 && errno == EINTR));
  kill(getpid(), SIGTERM);
  return NULL;
}

void process_wait(const process_options *options) {
  pthread_t watcher;
  if (options->exit_with_parent && pthread_create(&watcher, NULL, watch_input, NULL) != 0)
    process_fail("cannot start a thread");
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  int signal_number;
  sigwait(&ends, &signal_number);
}
