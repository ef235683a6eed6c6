// The COBOL programs that can be linked to, and what the fault plan may look at in their COMMAREAs.
#ifndef LISTENER_PROGRAMS_H
#define LISTENER_PROGRAMS_H

#include "../box/faults.h"

typedef struct {
  const char *name;
  int (*entry)(void *exec_interface_block, void *commarea);
  int reference_at; // offset of 16 bytes, -1: none
  int account_at;   // offset of 10 bytes, -1: none
} program;

const program *program_named(const char *name);
void program_describe(const program *it, const unsigned char *commarea, int length, fault_request *to);

#endif
