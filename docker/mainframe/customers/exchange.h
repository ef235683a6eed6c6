// One HTTP request and its answer, held in memory: gSOAP reads from it and writes to it, so that the fault plan can spoil the answer
// before it leaves.
#ifndef CUSTOMERS_EXCHANGE_H
#define CUSTOMERS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "../box/faults.h"

typedef struct {
  char *request; // headers and body as they came
  size_t request_length, request_at;
  char *answer; // as gSOAP wrote it
  size_t answer_length, answer_room;
  bool stays; // the client keeps the connection
  fault wrong;
} exchange;

// The faults that this service knows.
extern const fault_kind exchange_faults[];

// Serves requests on one connection until it ends.
void exchange_serve(int connection);
bool exchange_admit(void);

// Called by an operation when it knows what it is asked: takes the fault and does what comes before the execution (waiting,
// answering with a failure). False: do not execute, return `*error` to gSOAP.
struct soap;
bool exchange_before(struct soap *soap, const char *operation, const char *reference, const char *customer, int *error);

#endif
