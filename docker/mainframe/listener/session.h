// One connection: TRM, TRM reply, COMMAREA, COMMAREA, as often as the client keeps it open, with what the fault plan does to it.
#ifndef LISTENER_SESSION_H
#define LISTENER_SESSION_H

#include "../box/faults.h"

// The faults that this listener knows.
extern const fault_kind session_faults[];

bool session_admit(void);
void session_serve(int connection);

#endif
