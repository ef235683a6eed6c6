// The transaction request message of the TRM Link exchange and its reply. Layouts: ../README.md.
#ifndef LISTENER_TRM_H
#define LISTENER_TRM_H

#include <stdbool.h>
#include <stddef.h>

enum { TRM_LENGTH = 40, TRM_MOST_REPLY = 64 };

// Codes of the reply's field.
enum {
  TRM_INVALID_PROGRAM = 0x03,
  TRM_INVALID_TRANID = 0x04,
  TRM_GO_ON = 0x07,
  TRM_ABEND = 0x08,
  TRM_FAILED = 0x09,
  TRM_INVALID = 0x0A
};

typedef struct {
  char program[9]; // LINK-PROG in ASCII, without blanks
  int length;      // COMMAREA-LEN
  bool stays;      // the connection serves a next TRM after this call
} trm;

// TRM_GO_ON, or the code to answer. Whether the program exists is not known here.
int trm_read(const unsigned char message[TRM_LENGTH], trm *to);

// Builds the reply with one field; `data` is ASCII and goes out in EBCDIC. Returns its length.
size_t trm_reply(unsigned char *out, int code, const char *data);

// EBCDIC cp037 to ASCII for the characters that names and references are made of; anything else gives '?'.
void host_to_ascii(char *to, const unsigned char *from, size_t length);

#endif
