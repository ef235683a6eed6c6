// The customers and the requests that changed them, in memory and in the ledger.
#ifndef CUSTOMERS_STORE_H
#define CUSTOMERS_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { STORE_NAME_BYTES = 168 }; // 40 characters of UTF-8

typedef struct {
  int kind;
  int lines;
  char line[3][STORE_NAME_BYTES];
  char post_code[STORE_NAME_BYTES]; // empty: none
  char city[STORE_NAME_BYTES];
  char country[3];
} store_address;

typedef struct {
  char number[9];
  char given_name[STORE_NAME_BYTES], family_name[STORE_NAME_BYTES];
  char birth_date[11]; // empty: none
  int state;           // as in the WSDL: 0 active, 1 suspended, 2 closed
  int64_t limit;       // cents
  char currency[4];
  int64_t version;
  char since[11];
  time_t changed_at;
  int addresses;
  store_address address[3];
  int phones;
  char phone[3][20];
  char email[100]; // empty: none
} store_customer;

typedef struct {
  char reference[33];
  char operation[20];
  char customer[9];
  time_t received_at;
  int64_t version;
  int64_t decision; // 0: none
  int64_t previous_limit, limit;
} store_request;

// Opens the ledger and fills the store from it, or from the seed. `detects_duplicates`: a reference is applied once only.
void store_open(const char *state, const char *journal, bool detects_duplicates);
// The seed again.
void store_reset(void);

bool store_customer_of(const char *number, store_customer *to);
// The first request with the reference, and how many there are.
int store_request_of(const char *reference, store_request *first);

typedef enum { STORE_DONE, STORE_NO_CUSTOMER, STORE_CLOSED, STORE_WRONG_CURRENCY, STORE_TOO_HIGH, STORE_TOO_MANY } store_result;

// Both return when the change is safe in log and journal.
store_result store_change_address(const char *reference, const char *number, const store_address *address,
                                  store_customer *after);
store_result store_raise_limit(const char *reference, const char *number, int64_t cents, const char *currency,
                               store_request *made);

#endif
