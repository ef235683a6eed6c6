// The table of programs.
#include "programs.h"

#include <stdio.h>
#include <string.h>

#include "trm.h"

extern int INQACC(void *, void *);
extern int POSTENT(void *, void *);
extern int FNDENT(void *, void *);
extern int REVENT(void *, void *);
extern int LSTENT(void *, void *);

static const program programs[] = {
  {"INQACC", INQACC, -1, 0}, {"POSTENT", POSTENT, 0, 16}, {"FNDENT", FNDENT, 0, -1},
  {"REVENT", REVENT, 0, -1}, {"LSTENT", LSTENT, -1, 0},
};

const program *program_named(const char *name) {
  for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
    if (strcmp(programs[i].name, name) == 0) return &programs[i];
  return NULL;
}

void program_describe(const program *it, const unsigned char *commarea, int length, fault_request *to) {
  *to = (fault_request){0};
  snprintf(to->program, sizeof to->program, "%s", it->name);
  if (it->reference_at >= 0 && it->reference_at + 16 <= length)
    host_to_ascii(to->reference, commarea + it->reference_at, 16);
  if (it->account_at >= 0 && it->account_at + 10 <= length) host_to_ascii(to->account, commarea + it->account_at, 10);
}
