// The exchange, and the places where the fault plan breaks it.
#define _GNU_SOURCE
#include "session.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../box/server.h"
#include "region.h"
#include "trm.h"

const fault_kind session_faults[] = {
  {"down", AT_ACCEPT},               // the port refuses, open connections are cut, until cleared
  {"refuse", AT_ACCEPT},             // close at accept; with a program: close after the TRM, unanswered
  {"trm-code", AT_HANDSHAKE},        // answer the TRM with `code` (two hexadecimal digits), then close
  {"drop-before-execution", AT_CALL}, // read the COMMAREA, close
  {"apply-then-drop", AT_CALL},      // execute, close
  {"apply-then-answer-late", AT_CALL}, // execute, wait ms, answer
  {"delay", AT_CALL},                // wait ms, execute, answer
  {"partial-frame", AT_CALL},        // execute, send half of the COMMAREA, close
  {"wrong-length", AT_CALL},         // execute, send `bytes` more (or, negative, fewer) than agreed; the connection stays
  {"garbage", AT_CALL},              // execute, send as many random bytes
  {"abend", AT_CALL},                // answer 08 with `code` (ASRA), nothing applied
  {"failed", AT_CALL},               // answer 09, nothing applied
  {NULL, AT_CALL},
};

static bool is(const fault *it, const char *name) { return it->name != NULL && strcmp(it->name, name) == 0; }

bool session_admit(void) {
  static const fault_request nobody;
  return faults_take(AT_ACCEPT, &nobody).name == NULL;
}

static bool send_code(int connection, int code, const char *data) {
  unsigned char reply[TRM_MOST_REPLY];
  return server_write(connection, reply, trm_reply(reply, code, data));
}

static void wait_ms(int ms) { usleep((useconds_t)ms * 1000); }

static void fill_with_garbage(unsigned char *bytes, int length, uint64_t random) {
  for (int i = 0; i < length; i++) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    bytes[i] = (unsigned char)(random >> 56);
  }
}

// Sends the COMMAREA as the fault leaves it; false ends the connection.
static bool send_commarea(int connection, unsigned char *commarea, int length, const fault *wrong) {
  if (is(wrong, "apply-then-drop")) return false;
  if (is(wrong, "apply-then-answer-late")) wait_ms(wrong->ms);
  if (is(wrong, "partial-frame")) {
    server_write(connection, commarea, (size_t)(length / 2));
    return false;
  }
  if (is(wrong, "garbage")) fill_with_garbage(commarea, length, wrong->random);
  int sent = length;
  if (is(wrong, "wrong-length")) sent += wrong->bytes == 0 ? 7 : wrong->bytes;
  if (sent <= length) return server_write(connection, commarea, (size_t)(sent < 0 ? 0 : sent));
  // In one piece: a caller that has read a whole reply need not wait for what may follow.
  unsigned char *longer = calloc((size_t)sent, 1);
  if (longer == NULL) return false;
  memcpy(longer, commarea, (size_t)length);
  bool written = server_write(connection, longer, (size_t)sent);
  free(longer);
  return written;
}

// One call after its handshake; false ends the connection.
static bool serve_call(int connection, const program *called, unsigned char *commarea, int length) {
  if (!server_read(connection, commarea, (size_t)length)) return false;
  fault_request request;
  program_describe(called, commarea, length, &request);
  faults_count(called->name, false);
  fault wrong = faults_take(AT_CALL, &request);
  if (is(&wrong, "drop-before-execution")) return false;
  if (is(&wrong, "abend")) return send_code(connection, TRM_ABEND, wrong.code[0] ? wrong.code : "ASRA"), false;
  if (is(&wrong, "failed")) return send_code(connection, TRM_FAILED, ""), false;
  if (is(&wrong, "delay")) wait_ms(wrong.ms);
  char abend[5];
  bool normal = region_link(called, commarea, length, abend);
  faults_count(called->name, true);
  if (!normal) return send_code(connection, TRM_ABEND, abend), false;
  return send_commarea(connection, commarea, length, &wrong);
}

// One TRM and its call; false ends the connection.
static bool serve_one(int connection) {
  unsigned char message[TRM_LENGTH];
  trm header;
  if (!server_read(connection, message, sizeof message)) return false;
  int code = trm_read(message, &header);
  const program *called = code == TRM_GO_ON ? program_named(header.program) : NULL;
  if (code == TRM_GO_ON && called == NULL) code = TRM_INVALID_PROGRAM;
  if (code != TRM_GO_ON) return send_code(connection, code, ""), false;
  fault_request request = {0};
  memcpy(request.program, header.program, sizeof header.program);
  fault wrong = faults_take(AT_HANDSHAKE, &request);
  if (is(&wrong, "refuse")) return false;
  if (is(&wrong, "trm-code")) return send_code(connection, (int)strtol(wrong.code, NULL, 16), ""), false;
  if (!send_code(connection, TRM_GO_ON, "")) return false;
  unsigned char *commarea = malloc((size_t)header.length);
  bool stays = commarea != NULL && serve_call(connection, called, commarea, header.length) && header.stays;
  free(commarea);
  return stays;
}

void session_serve(int connection) {
  while (serve_one(connection)) continue;
}
