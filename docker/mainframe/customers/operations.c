// The operations of the WSDL: check the request, ask the store, build the answer. gSOAP's generated stubs call them.
#define _GNU_SOURCE
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "Customers.nsmap"
#include "exchange.h"
#include "soapH.h"
#include "store.h"

static struct SOAP_ENV__Detail *fault_detail(struct soap *soap, const char *text) {
  soap_sender_fault(soap, text, NULL);
  struct SOAP_ENV__Detail *detail = soap_malloc(soap, sizeof *detail);
  soap_default_SOAP_ENV__Detail(soap, detail);
  if (soap->version == 2) soap->fault->SOAP_ENV__Detail = detail;
  else soap->fault->detail = detail;
  return detail;
}

static int not_found(struct soap *soap, char *number) {
  struct SOAP_ENV__Detail *detail = fault_detail(soap, "customer not found");
  detail->c__CustomerNotFound = soap_malloc(soap, sizeof *detail->c__CustomerNotFound);
  detail->c__CustomerNotFound->customerNumber = number;
  return SOAP_FAULT;
}

static int invalid(struct soap *soap, const char *field, const char *reason) {
  struct SOAP_ENV__Detail *detail = fault_detail(soap, "the request is not valid");
  struct _c__ValidationFault *it = soap_malloc(soap, sizeof *it);
  it->__sizeproblem = 1;
  it->problem = soap_malloc(soap, sizeof *it->problem);
  it->problem->field = soap_strdup(soap, field);
  it->problem->reason = soap_strdup(soap, reason);
  detail->c__ValidationFault = it;
  return SOAP_FAULT;
}

static bool is_customer_number(const char *text) {
  return text != NULL && strlen(text) == 8 && strspn(text, "0123456789") == 8;
}

static bool is_reference(const char *text) {
  if (text == NULL || *text == '\0' || strlen(text) > 32) return false;
  for (; *text != '\0'; text++)
    if (!isalnum((unsigned char)*text) && *text != '.' && *text != '-') return false;
  return true;
}

// 1–40 characters of UTF-8.
static bool is_name(const char *text) {
  if (text == NULL || *text == '\0' || strlen(text) >= STORE_NAME_BYTES) return false;
  int characters = 0;
  for (; *text != '\0'; text++) characters += ((unsigned char)*text & 0xC0) != 0x80;
  return characters <= 40;
}

// A positive xs:decimal of at most 13 + 2 digits in cents, or -1.
static int64_t cents_of(const char *text) {
  if (text == NULL) return -1;
  while (isspace((unsigned char)*text)) text++;
  if (*text == '+') text++;
  int64_t cents = 0;
  int digits = 0, decimals = -1;
  for (; isdigit((unsigned char)*text) || (*text == '.' && decimals < 0); text++) {
    if (*text == '.') decimals = 0;
    else if (decimals >= 2 && *text != '0') return -1;
    else if (decimals < 2) {
      cents = cents * 10 + (*text - '0');
      if (++digits > 15) return -1;
      if (decimals >= 0) decimals++;
    }
  }
  while (isspace((unsigned char)*text)) text++;
  if (*text != '\0' || digits == 0) return -1;
  for (int i = decimals < 0 ? 0 : decimals; i < 2; i++) cents *= 10;
  return cents > 0 ? cents : -1;
}

static char *money_text(struct soap *soap, int64_t cents) {
  char text[40];
  snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64, cents / 100, cents % 100);
  return soap_strdup(soap, text);
}

static char *optional_text(struct soap *soap, const char *text) { return *text == '\0' ? NULL : soap_strdup(soap, text); }

static void show_address(struct soap *soap, const store_address *from, struct c__Address *to) {
  to->kind = (enum c__AddressKind)from->kind;
  to->__sizeline = from->lines;
  to->line = soap_malloc(soap, sizeof(char *) * (size_t)from->lines);
  for (int i = 0; i < from->lines; i++) to->line[i] = soap_strdup(soap, from->line[i]);
  to->postCode = optional_text(soap, from->post_code);
  to->city = soap_strdup(soap, from->city);
  to->country = soap_strdup(soap, from->country);
}

static struct c__Customer *show_customer(struct soap *soap, const store_customer *from) {
  struct c__Customer *to = soap_malloc(soap, sizeof *to);
  soap_default_c__Customer(soap, to);
  to->customerNumber = soap_strdup(soap, from->number);
  to->givenName = soap_strdup(soap, from->given_name);
  to->familyName = soap_strdup(soap, from->family_name);
  to->birthDate = optional_text(soap, from->birth_date);
  to->state = (enum c__CustomerState)from->state;
  to->creditLimit = money_text(soap, from->limit);
  to->currency = soap_strdup(soap, from->currency);
  to->version = from->version;
  to->since = soap_strdup(soap, from->since);
  to->changedAt = from->changed_at;
  to->__sizeaddress = from->addresses;
  to->address = soap_malloc(soap, sizeof *to->address * (size_t)from->addresses);
  for (int i = 0; i < from->addresses; i++) show_address(soap, &from->address[i], &to->address[i]);
  to->__sizephone = from->phones;
  to->phone = soap_malloc(soap, sizeof *to->phone * (size_t)(from->phones + 1));
  for (int i = 0; i < from->phones; i++) to->phone[i] = soap_strdup(soap, from->phone[i]);
  to->email = optional_text(soap, from->email);
  return to;
}

int __c__GetCustomer(struct soap *soap, struct _c__GetCustomer *in, struct _c__GetCustomerResponse *out) {
  int error;
  if (!exchange_before(soap, "GetCustomer", NULL, in->customerNumber, &error)) return error;
  if (!is_customer_number(in->customerNumber)) return invalid(soap, "customerNumber", "8 digits are expected");
  store_customer found;
  if (!store_customer_of(in->customerNumber, &found)) return not_found(soap, in->customerNumber);
  out->customer = show_customer(soap, &found);
  return SOAP_OK;
}

// NULL, or the field that is wrong.
static const char *read_address(const struct c__Address *from, store_address *to) {
  memset(to, 0, sizeof *to); // padding too: addresses are compared as bytes
  if (from == NULL) return "address";
  if (from->__sizeline < 1 || from->__sizeline > 3) return "address/line";
  to->kind = (int)from->kind;
  to->lines = from->__sizeline;
  for (int i = 0; i < from->__sizeline; i++) {
    if (!is_name(from->line[i])) return "address/line";
    snprintf(to->line[i], STORE_NAME_BYTES, "%s", from->line[i]);
  }
  if (from->postCode != NULL) {
    if (!is_name(from->postCode)) return "address/postCode";
    snprintf(to->post_code, STORE_NAME_BYTES, "%s", from->postCode);
  }
  if (!is_name(from->city)) return "address/city";
  snprintf(to->city, STORE_NAME_BYTES, "%s", from->city);
  if (from->country == NULL || strlen(from->country) != 2 || strspn(from->country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
    return "address/country";
  memcpy(to->country, from->country, 3);
  return NULL;
}

int __c__ChangeAddress(struct soap *soap, struct _c__ChangeAddress *in, struct _c__ChangeAddressResponse *out) {
  int error;
  if (!exchange_before(soap, "ChangeAddress", in->requestReference, in->customerNumber, &error)) return error;
  if (!is_reference(in->requestReference)) return invalid(soap, "requestReference", "1 to 32 letters and digits");
  if (!is_customer_number(in->customerNumber)) return invalid(soap, "customerNumber", "8 digits are expected");
  store_address address;
  const char *wrong = read_address(in->address, &address);
  if (wrong != NULL) return invalid(soap, wrong, "missing, or not as the schema says");
  store_customer after;
  switch (store_change_address(in->requestReference, in->customerNumber, &address, &after)) {
  case STORE_NO_CUSTOMER: return not_found(soap, in->customerNumber);
  case STORE_CLOSED: return invalid(soap, "customerNumber", "the customer is closed");
  case STORE_TOO_MANY: return invalid(soap, "address/kind", "the customer has three addresses");
  default: break;
  }
  out->version = after.version;
  out->changedAt = after.changed_at;
  return SOAP_OK;
}

int __c__RaiseCreditLimit(struct soap *soap, struct _c__RaiseCreditLimit *in, struct _c__RaiseCreditLimitResponse *out) {
  int error;
  if (!exchange_before(soap, "RaiseCreditLimit", in->requestReference, in->customerNumber, &error)) return error;
  if (!is_reference(in->requestReference)) return invalid(soap, "requestReference", "1 to 32 letters and digits");
  if (!is_customer_number(in->customerNumber)) return invalid(soap, "customerNumber", "8 digits are expected");
  int64_t cents = cents_of(in->raiseBy);
  if (cents < 0) return invalid(soap, "raiseBy", "a positive amount with 2 decimals");
  if (in->currency == NULL) return invalid(soap, "currency", "missing");
  if (in->remark != NULL && !is_name(in->remark)) return invalid(soap, "remark", "1 to 40 characters");
  store_request made;
  switch (store_raise_limit(in->requestReference, in->customerNumber, cents, in->currency, &made)) {
  case STORE_NO_CUSTOMER: return not_found(soap, in->customerNumber);
  case STORE_CLOSED: return invalid(soap, "customerNumber", "the customer is closed");
  case STORE_WRONG_CURRENCY: return invalid(soap, "currency", "not the currency of the limit");
  case STORE_TOO_HIGH: return invalid(soap, "raiseBy", "the limit would be above 1,000,000.00");
  default: break;
  }
  out->customerNumber = soap_strdup(soap, made.customer);
  out->raisedBy = money_text(soap, made.limit - made.previous_limit);
  out->decisionNumber = made.decision;
  out->previousLimit = money_text(soap, made.previous_limit);
  out->creditLimit = money_text(soap, made.limit);
  return SOAP_OK;
}

static LONG64 *long_of(struct soap *soap, int64_t value) {
  LONG64 *it = soap_malloc(soap, sizeof *it);
  *it = value;
  return it;
}

int __c__FindRequest(struct soap *soap, struct _c__FindRequest *in, struct _c__FindRequestResponse *out) {
  int error;
  if (!exchange_before(soap, "FindRequest", in->requestReference, NULL, &error)) return error;
  if (!is_reference(in->requestReference)) return invalid(soap, "requestReference", "1 to 32 letters and digits");
  store_request found;
  out->requestReference = soap_strdup(soap, in->requestReference);
  out->matches = store_request_of(in->requestReference, &found);
  if (out->matches == 0) {
    out->status = c__RequestStatus__NOT_FOUND;
    return SOAP_OK;
  }
  out->status = c__RequestStatus__FOUND;
  out->operation = soap_strdup(soap, found.operation);
  out->customerNumber = soap_strdup(soap, found.customer);
  out->receivedAt = soap_malloc(soap, sizeof *out->receivedAt);
  *out->receivedAt = found.received_at;
  out->version = long_of(soap, found.version);
  if (found.decision != 0) {
    out->raisedBy = money_text(soap, found.limit - found.previous_limit);
    out->decisionNumber = long_of(soap, found.decision);
    out->previousLimit = money_text(soap, found.previous_limit);
    out->creditLimit = money_text(soap, found.limit);
  }
  return SOAP_OK;
}
