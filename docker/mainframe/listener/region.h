// The region: runs COBOL programs one after the other on one thread (libcob is not thread-safe; CICS runs such programs on its one
// QR task too), logs what they change, and brings the files back after a restart. The indexed files are rebuilt from the log at each
// start, as VSAM files are restored and rolled forward: a kill in the middle of a write can damage them but never the log.
#ifndef LISTENER_REGION_H
#define LISTENER_REGION_H

#include <stdbool.h>

#include "programs.h"

typedef struct {
  const char *state;   // folder
  const char *journal; // file
  int load_accounts;
  bool detects_duplicates;
} region_options;

// Opens the ledger, rebuilds or seeds the files. Returns when programs can run.
void region_start(region_options options);

// Runs a program on the COMMAREA and waits until its effect is in log and journal. False after an abend: nothing was changed,
// and `abend` holds the code.
bool region_link(const program *it, unsigned char *commarea, int length, char abend[5]);

// A new bank.
void region_reset(void);

// Closes the files; no program runs any more.
void region_stop(void);

#endif
