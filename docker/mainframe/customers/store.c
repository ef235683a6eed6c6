// The store: arrays in memory, after images of what changes in the ledger.
#define _GNU_SOURCE
#include "store.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../box/ledger.h"
#include "../box/process.h"
#include "seed.h"

enum { MOST_LIMIT = 100000000 }; // 1,000,000.00

// Beyond 2^53, so that a client that reads numbers as doubles is found out.
static const int64_t first_decision = 9007199254740993;

static struct {
  pthread_mutex_t lock;
  bool detects_duplicates;
  store_customer customers[SEED_CUSTOMERS];
  store_request *requests;
  size_t used, room;
  int64_t decisions;
} store = {.lock = PTHREAD_MUTEX_INITIALIZER};

static store_customer *find_customer(const char *number) {
  for (int i = 0; i < SEED_CUSTOMERS; i++)
    if (strcmp(store.customers[i].number, number) == 0) return &store.customers[i];
  return NULL;
}

static void keep_request(const store_request *request) {
  if (store.used == store.room) {
    store.room = 2 * store.room + 256;
    store.requests = realloc(store.requests, store.room * sizeof *store.requests);
    if (store.requests == NULL) process_fail("out of memory");
  }
  store.requests[store.used++] = *request;
  if (request->decision != 0) store.decisions++;
}

// A group's payload: one customer, or one customer and one request.
typedef struct {
  store_customer customer;
  store_request request;
} change;

static void replay_change(const unsigned char *payload, size_t length) {
  if (length == sizeof store.customers) {
    memcpy(store.customers, payload, length);
    return;
  }
  if (length != sizeof(change)) process_fail("the log is of another version");
  change one;
  memcpy(&one, payload, length);
  store_customer *customer = find_customer(one.customer.number);
  if (customer == NULL) process_fail("the log names an unknown customer");
  *customer = one.customer;
  keep_request(&one.request);
}

static void seed(void) {
  for (int i = 0; i < SEED_CUSTOMERS; i++) seed_customer(i, &store.customers[i]);
  store.used = 0;
  store.decisions = 0;
  ledger_restart((const unsigned char *)store.customers, sizeof store.customers);
}

void store_open(const char *state, const char *journal, bool detects_duplicates) {
  store.detects_duplicates = detects_duplicates;
  if (!ledger_open(state, journal, replay_change)) seed();
}

void store_reset(void) {
  pthread_mutex_lock(&store.lock);
  seed();
  pthread_mutex_unlock(&store.lock);
}

bool store_customer_of(const char *number, store_customer *to) {
  pthread_mutex_lock(&store.lock);
  const store_customer *found = find_customer(number);
  if (found != NULL) *to = *found;
  uint64_t position = ledger_position();
  pthread_mutex_unlock(&store.lock);
  ledger_wait(position);
  return found != NULL;
}

static int count_requests(const char *reference, store_request *first) {
  int matches = 0;
  for (size_t i = 0; i < store.used; i++)
    if (strcmp(store.requests[i].reference, reference) == 0 && matches++ == 0) *first = store.requests[i];
  return matches;
}

int store_request_of(const char *reference, store_request *first) {
  pthread_mutex_lock(&store.lock);
  int matches = count_requests(reference, first);
  uint64_t position = ledger_position();
  pthread_mutex_unlock(&store.lock);
  ledger_wait(position);
  return matches;
}

static store_request new_request(const char *reference, const char *operation, const char *number) {
  store_request request;
  memset(&request, 0, sizeof request); // padding too: it goes to the log
  snprintf(request.reference, sizeof request.reference, "%s", reference);
  snprintf(request.operation, sizeof request.operation, "%s", operation);
  snprintf(request.customer, sizeof request.customer, "%s", number);
  request.received_at = time(NULL);
  return request;
}

static uint64_t commit(store_customer *customer, const store_request *request, const char *effect) {
  change one;
  memset(&one, 0, sizeof one);
  one.customer = *customer;
  one.request = *request;
  keep_request(request);
  return ledger_append((const unsigned char *)&one, sizeof one, effect);
}

static store_address *address_of_kind(store_customer *customer, int kind) {
  for (int i = 0; i < customer->addresses; i++)
    if (customer->address[i].kind == kind) return &customer->address[i];
  return customer->addresses == 3 ? NULL : &customer->address[customer->addresses];
}

store_result store_change_address(const char *reference, const char *number, const store_address *address,
                                  store_customer *after) {
  store_result result = STORE_DONE;
  pthread_mutex_lock(&store.lock);
  uint64_t position = ledger_position();
  store_customer *customer = find_customer(number);
  store_address *place = customer == NULL ? NULL : address_of_kind(customer, address->kind);
  if (customer == NULL) result = STORE_NO_CUSTOMER;
  else if (customer->state == 2) result = STORE_CLOSED;
  else if (place == NULL) result = STORE_TOO_MANY;
  else if (memcmp(place, address, sizeof *place) != 0) { // the same again changes nothing
    *place = *address;
    if (place == &customer->address[customer->addresses]) customer->addresses++;
    store_request request = new_request(reference, "ChangeAddress", number);
    customer->changed_at = request.received_at;
    request.version = ++customer->version;
    char effect[300];
    snprintf(effect, sizeof effect,
             "\"program\":\"ChangeAddress\",\"reference\":\"%s\",\"account\":\"%s\",\"version\":\"%" PRId64 "\"", reference,
             number, customer->version);
    position = commit(customer, &request, effect);
  }
  if (customer != NULL) *after = *customer;
  pthread_mutex_unlock(&store.lock);
  ledger_wait(position);
  return result;
}

static uint64_t raise(store_customer *customer, int64_t cents, store_request *request) {
  request->previous_limit = customer->limit;
  request->limit = customer->limit += cents;
  request->version = ++customer->version;
  request->decision = first_decision + store.decisions;
  customer->changed_at = request->received_at;
  char effect[400];
  snprintf(effect, sizeof effect,
           "\"program\":\"RaiseCreditLimit\",\"reference\":\"%s\",\"account\":\"%s\",\"amount\":\"%" PRId64 ".%02" PRId64
           "\",\"balance\":\"%" PRId64 ".%02" PRId64 "\",\"currency\":\"%s\",\"decision\":\"%" PRId64 "\"",
           request->reference, request->customer, cents / 100, cents % 100, customer->limit / 100, customer->limit % 100,
           customer->currency, request->decision);
  return commit(customer, request, effect);
}

store_result store_raise_limit(const char *reference, const char *number, int64_t cents, const char *currency,
                               store_request *made) {
  store_result result = STORE_DONE;
  pthread_mutex_lock(&store.lock);
  uint64_t position = ledger_position();
  store_customer *customer = find_customer(number);
  if (customer == NULL) result = STORE_NO_CUSTOMER;
  else if (customer->state == 2) result = STORE_CLOSED;
  else if (strcmp(customer->currency, currency) != 0) result = STORE_WRONG_CURRENCY;
  else if (customer->limit + cents > MOST_LIMIT) result = STORE_TOO_HIGH;
  else if (!store.detects_duplicates || count_requests(reference, made) == 0) {
    *made = new_request(reference, "RaiseCreditLimit", number);
    position = raise(customer, cents, made);
  }
  pthread_mutex_unlock(&store.lock);
  ledger_wait(position);
  return result;
}
