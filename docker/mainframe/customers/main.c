// The customer service: SOAP in front of a small store. See ../README.md.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../box/control.h"
#include "../box/process.h"
#include "exchange.h"
#include "store.h"

int main(int argc, char **argv) {
  process_options options = process_start("customers", argc, argv);
  const char *dedupe = getenv("MAINFRAME_DEDUPE");
  faults_use(exchange_faults);
  store_open(options.state, options.journal, dedupe != NULL && strcmp(dedupe, "1") == 0);
  server *service = server_start(options.host, options.port, exchange_serve, exchange_admit);
  server *control = control_start(options.control, service, store_reset);
  process_ready(options.name, server_port(service), server_port(control));
  process_wait(&options);
  server_set_down(service, true);
  _exit(0); // every answered change is in the log already
}
