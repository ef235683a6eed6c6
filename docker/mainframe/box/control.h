// The control port: one JSON command a line, one JSON answer a line. For tests and operators, never for the product.
//
//   {"command":"plan","seed":1,"rules":[{"fault":"abend","program":"POSTENT","count":1}]}   {"ok":true,"rules":1}
//   {"command":"clear"}     no faults any more; ends "down"                                 {"ok":true}
//   {"command":"stats"}     counts since the start or the last reset                        {"ok":true,"connections":{...},...}
//   {"command":"journal"}   the journal's end                                               {"ok":true,"sequence":12,"bytes":3456}
//   {"command":"reset"}     the state as it was when new; the journal goes on               {"ok":true}
//
// A mistake is answered {"ok":false,"mistake":"..."}.
#ifndef BOX_CONTROL_H
#define BOX_CONTROL_H

#include "server.h"

// `service` is what "down" cuts off; `reset` makes the state new and returns when it is.
server *control_start(int port, server *service, void (*reset)(void));

#endif
