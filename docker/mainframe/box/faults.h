// The fault plan: rules that say what goes wrong with which request. The same plan and the same requests give the same faults.
#ifndef BOX_FAULTS_H
#define BOX_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"

// When a fault can be known: at accept nothing is, in the handshake the program is, at the call everything is.
typedef enum { AT_ACCEPT, AT_HANDSHAKE, AT_CALL } fault_stage;

// A service lists its faults by name, the list ended by a NULL name. "down" stands for the whole service.
typedef struct {
  const char *name;
  fault_stage stage;
} fault_kind;

// What a request can be matched by; empty strings where it has none.
typedef struct {
  char program[33];
  char reference[65];
  char account[33];
} fault_request;

typedef struct {
  const char *name; // NULL: no fault
  int ms;
  int bytes;
  char code[9];
  uint64_t random; // for garbage; the same for the same plan and place
} fault;

void faults_use(const fault_kind *kinds);

// Sets the plan of {"seed":n,"rules":[...]}. On a mistake the old plan stays and `mistake` says what is wrong.
bool faults_plan(const json *command, char *mistake, size_t room);
void faults_clear(void);
// Whether the plan has a rule "down".
bool faults_down(void);
int faults_rules(void);

// The fault of a request at a stage: the first rule that matches and still applies.
fault faults_take(fault_stage stage, const fault_request *request);

// Counts for the command stats.
void faults_count(const char *program, bool executed);
size_t faults_write_stats(char *out, size_t room);
void faults_forget_stats(void);

#endif
