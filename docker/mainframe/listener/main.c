// The bank: COBOL programs behind a CICS sockets listener. See ../README.md.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../box/control.h"
#include "../box/process.h"
#include "region.h"
#include "session.h"

int main(int argc, char **argv) {
  process_options options = process_start("bank", argc, argv);
  const char *dedupe = getenv("MAINFRAME_DEDUPE");
  const char *load = getenv("MAINFRAME_LOAD_ACCOUNTS");
  faults_use(session_faults);
  region_start((region_options){.state = options.state,
                                .journal = options.journal,
                                .load_accounts = load == NULL ? 0 : atoi(load),
                                .detects_duplicates = dedupe != NULL && strcmp(dedupe, "1") == 0});
  server *service = server_start(options.host, options.port, session_serve, session_admit);
  server *control = control_start(options.control, service, region_reset);
  process_ready(options.name, server_port(service), server_port(control));
  process_wait(&options);
  server_set_down(service, true);
  region_stop();
  _exit(0); // connection threads may still be in the middle of a fault's delay
}
