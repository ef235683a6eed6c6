// HTTP around gSOAP, and the places where the fault plan breaks it.
#define _GNU_SOURCE
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../box/process.h"
#include "../box/server.h"
#include "soapH.h"

enum { MOST_REQUEST_BYTES = 1 << 20 };

const fault_kind exchange_faults[] = {
  {"down", AT_ACCEPT},                 // the port refuses, open connections are cut, until cleared
  {"refuse", AT_ACCEPT},               // close at accept
  {"drop-before-execution", AT_CALL},  // read the request, close
  {"delay", AT_CALL},                  // wait ms, execute, answer
  {"http-500", AT_CALL},               // nothing executed; an empty 500 without a SOAP fault
  {"html-503", AT_CALL},               // nothing executed; a gateway's HTML page
  {"soap-fault", AT_CALL},             // nothing executed; an untyped server fault
  {"apply-then-drop", AT_CALL},        // execute, close
  {"apply-then-answer-late", AT_CALL}, // execute, wait ms, answer
  {"apply-then-http-500", AT_CALL},    // execute, then as http-500
  {"apply-then-html-503", AT_CALL},    // execute, then as html-503
  {"empty-200", AT_CALL},              // execute, 200 without a body
  {"truncated-xml", AT_CALL},          // execute, a whole HTTP answer with half of the XML
  {"partial-frame", AT_CALL},          // execute, half of the HTTP answer, close
  {"comment-in-amount", AT_CALL},      // execute, <!--x--> in the middle of each amount
  {"cdata-in-amount", AT_CALL},        // execute, each amount in CDATA
  {"garbage", AT_CALL},                // execute, as many random bytes for a body
  {NULL, AT_CALL},
};

static bool is(const exchange *it, const char *name) { return it->wrong.name != NULL && strcmp(it->wrong.name, name) == 0; }

bool exchange_admit(void) {
  static const fault_request nobody;
  return faults_take(AT_ACCEPT, &nobody).name == NULL;
}

// Where the message ends, or 0 when more is to come.
static size_t message_end(const char *message, size_t length) {
  const char *blank = memmem(message, length, "\r\n\r\n", 4);
  if (blank == NULL) return 0;
  size_t head = (size_t)(blank - message) + 4;
  for (const char *line = message; line < blank; line = strstr(line, "\r\n") + 2) {
    if (strncasecmp(line, "Content-Length:", 15) == 0) {
      size_t end = head + (size_t)strtoul(line + 15, NULL, 10);
      return end <= length ? end : 0;
    }
    if (strncasecmp(line, "Transfer-Encoding: chunked", 26) == 0) {
      const char *last = memmem(blank, length - (size_t)(blank - message), "\r\n0\r\n\r\n", 7);
      return last == NULL ? 0 : (size_t)(last - message) + 7;
    }
  }
  return head;
}

static bool read_request(int connection, exchange *it) {
  size_t used = 0, end;
  while ((end = message_end(it->request, used)) == 0) {
    if (used == MOST_REQUEST_BYTES) return false;
    ssize_t got = recv(connection, it->request + used, MOST_REQUEST_BYTES - used, 0);
    if (got <= 0) return false;
    used += (size_t)got;
    it->request[used] = '\0';
  }
  it->request_length = end;
  it->request_at = 0;
  it->stays = strcasestr(it->request, "\r\nConnection: close") == NULL;
  return true;
}

static size_t give_request(struct soap *soap, char *to, size_t room) {
  exchange *it = soap->user;
  size_t left = it->request_length - it->request_at;
  size_t given = left < room ? left : room;
  memcpy(to, it->request + it->request_at, given);
  it->request_at += given;
  return given;
}

static int take_answer(struct soap *soap, const char *bytes, size_t length) {
  exchange *it = soap->user;
  if (it->answer_length + length + 1 > it->answer_room) {
    it->answer_room = 2 * it->answer_room + length + 4096;
    it->answer = realloc(it->answer, it->answer_room);
    if (it->answer == NULL) process_fail("out of memory");
  }
  memcpy(it->answer + it->answer_length, bytes, length);
  it->answer_length += length;
  it->answer[it->answer_length] = '\0';
  return SOAP_OK;
}

bool exchange_before(struct soap *soap, const char *operation, const char *reference, const char *customer, int *error) {
  exchange *it = soap->user;
  fault_request request = {0};
  snprintf(request.program, sizeof request.program, "%s", operation);
  snprintf(request.reference, sizeof request.reference, "%s", reference == NULL ? "" : reference);
  snprintf(request.account, sizeof request.account, "%s", customer == NULL ? "" : customer);
  faults_count(operation, false);
  it->wrong = faults_take(AT_CALL, &request);
  if (is(it, "soap-fault")) {
    *error = soap_receiver_fault(soap, "the service has a problem", NULL);
    return false;
  }
  if (is(it, "drop-before-execution") || is(it, "http-500") || is(it, "html-503")) {
    *error = SOAP_STOP; // gSOAP answers nothing
    return false;
  }
  if (is(it, "delay")) usleep((useconds_t)it->wrong.ms * 1000);
  faults_count(operation, true);
  return true;
}

static bool send_answer(int connection, const exchange *it, int status, const char *type, const char *body, size_t length,
                        size_t sent) {
  char head[300];
  int used = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: %s\r\n\r\n",
                      status, status == 200 ? "OK" : "Error", type, length, it->stays ? "keep-alive" : "close");
  return server_write(connection, head, (size_t)used) && server_write(connection, body, sent);
}

// Puts something into each <c:creditLimit> or <c:previousLimit>. The result is the caller's to free.
static char *spoil_amounts(const char *body, bool cdata) {
  char *out = malloc(strlen(body) * 2 + 1000);
  if (out == NULL) process_fail("out of memory");
  char *to = out;
  for (const char *from = body; *from != '\0';) {
    const char *end = strncmp(from, "Limit>", 6) == 0 && from[6] >= '0' && from[6] <= '9' ? strchr(from, '<') : NULL;
    if (end == NULL) {
      *to++ = *from++;
      continue;
    }
    const char *amount = from + 6;
    int length = (int)(end - amount);
    if (cdata) to += sprintf(to, "Limit><![CDATA[%.*s]]>", length, amount);
    else to += sprintf(to, "Limit>%.*s<!--x-->%.*s", length / 2, amount, length - length / 2, amount + length / 2);
    from = end;
  }
  *to = '\0';
  return out;
}

static bool send_spoiled(int connection, const exchange *it, const char *body, bool cdata) {
  char *spoiled = spoil_amounts(body, cdata);
  bool sent = send_answer(connection, it, 200, "text/xml; charset=utf-8", spoiled, strlen(spoiled), strlen(spoiled));
  free(spoiled);
  return sent;
}

static bool send_garbage(int connection, const exchange *it, size_t length) {
  char *bytes = malloc(length + 1);
  if (bytes == NULL) process_fail("out of memory");
  uint64_t random = it->wrong.random;
  for (size_t i = 0; i < length; i++) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    bytes[i] = (char)(random >> 56);
  }
  bool sent = send_answer(connection, it, 200, "text/xml; charset=utf-8", bytes, length, length);
  free(bytes);
  return sent;
}

// Sends what gSOAP answered as the fault leaves it; false ends the connection.
static bool answer(int connection, const exchange *it) {
  static const char html[] = "<!DOCTYPE html><html><head><title>503</title></head><body>Service Unavailable</body></html>";
  static const char xml[] = "text/xml; charset=utf-8";
  if (is(it, "drop-before-execution") || is(it, "apply-then-drop")) return false;
  if (is(it, "apply-then-answer-late")) usleep((useconds_t)it->wrong.ms * 1000);
  if (is(it, "http-500") || is(it, "apply-then-http-500")) return send_answer(connection, it, 500, "text/plain", "", 0, 0);
  if (is(it, "html-503") || is(it, "apply-then-html-503"))
    return send_answer(connection, it, 503, "text/html", html, sizeof html - 1, sizeof html - 1);
  if (is(it, "empty-200")) return send_answer(connection, it, 200, xml, "", 0, 0);
  const char *blank = it->answer == NULL ? NULL : strstr(it->answer, "\r\n\r\n");
  if (blank == NULL) return false;
  const char *body = blank + 4;
  size_t length = it->answer_length - (size_t)(body - it->answer);
  const char *space = strchr(it->answer, ' ');
  int status = space == NULL ? 500 : atoi(space + 1); // "HTTP/1.1 200 OK" or "Status: 200 OK"
  if (is(it, "truncated-xml")) return send_answer(connection, it, 200, xml, body, length / 2, length / 2);
  if (is(it, "partial-frame")) return send_answer(connection, it, 200, xml, body, length, length / 2), false;
  if (is(it, "comment-in-amount")) return send_spoiled(connection, it, body, false);
  if (is(it, "cdata-in-amount")) return send_spoiled(connection, it, body, true);
  if (is(it, "garbage")) return send_garbage(connection, it, length);
  return send_answer(connection, it, status, xml, body, length, length);
}

void exchange_serve(int connection) {
  exchange it = {.request = malloc(MOST_REQUEST_BYTES + 1)};
  struct soap *soap = soap_new2(SOAP_C_UTFSTRING, SOAP_C_UTFSTRING);
  if (it.request == NULL || soap == NULL) process_fail("out of memory");
  soap->user = &it;
  soap->frecv = give_request;
  soap->fsend = take_answer;
  bool stays = true;
  while (stays && read_request(connection, &it)) {
    it.answer_length = 0;
    it.wrong = (fault){0};
    soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
    stays = answer(connection, &it) && it.stays;
  }
  soap_free(soap);
  free(it.answer);
  free(it.request);
}
