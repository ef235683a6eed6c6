// Reads and writes the messages around the COMMAREA.
#include "trm.h"

#include <ctype.h>
#include <string.h>

enum {
  COMMA = 0x6B,
  OTHER_COMMA = 0x2C, // in ASCII; the listener is one for both, so neither may occur
  BLANK = 0x40,
  AT_COMMA = 4,
  AT_CLIENT_DATA = 5,
  AT_PROGRAM = 21,
  AT_LENGTH = 29,
  AT_FLAG_2 = 37,
  MOST_COMMAREA = 32763
};

// The printable ASCII characters, by cp037 code.
static const char by_code[257] =
    "................................"
    "................................"
    " ...........<(+|&.........!$*);."
    "-/.........,%_>?.........`:#@'=\""
    ".abcdefghi.......jklmnopqr......"
    ".~stuvwxyz......^.........[]...."
    "{ABCDEFGHI......}JKLMNOPQR......"
    "\\.STUVWXYZ......0123456789......";

void host_to_ascii(char *to, const unsigned char *from, size_t length) {
  for (size_t i = 0; i < length; i++) to[i] = by_code[from[i]] == '.' && from[i] != 0x4B ? '?' : by_code[from[i]];
  while (length > 0 && to[length - 1] == ' ') length--;
  to[length] = '\0';
}

static unsigned char ascii_to_host(char c) {
  if (c == '.') return 0x4B;
  for (int code = 0x40; code < 0x100; code++)
    if (by_code[code] == c) return (unsigned char)code;
  return 0x6F;
}

int trm_read(const unsigned char message[TRM_LENGTH], trm *to) {
  char tranid[5];
  host_to_ascii(tranid, message, 4);
  for (char *c = tranid; *c != '\0'; c++) *c = (char)toupper((unsigned char)*c);
  if (message[AT_COMMA] != COMMA) return TRM_INVALID;
  for (int i = AT_CLIENT_DATA; i < TRM_LENGTH; i++)
    if (message[i] == COMMA || message[i] == OTHER_COMMA) return TRM_INVALID;
  if (strcmp(tranid, "MSCS") != 0) return TRM_INVALID_TRANID;
  host_to_ascii(to->program, message + AT_PROGRAM, 8);
  to->length = message[AT_LENGTH] << 8 | message[AT_LENGTH + 1];
  if (to->length < 1 || to->length > MOST_COMMAREA) return TRM_INVALID;
  switch (message[AT_FLAG_2]) {
  case 0x00: case 0x01: case 0x08: case BLANK: to->stays = false; return TRM_GO_ON;
  case 0x02: case 0x04: to->stays = true; return TRM_GO_ON;
  default: return TRM_INVALID;
  }
}

static void put_length(unsigned char *out, size_t value) {
  for (int i = 3; i >= 0; i--, value >>= 8) out[i] = (unsigned char)value;
}

size_t trm_reply(unsigned char *out, int code, const char *data) {
  size_t length = strlen(data);
  put_length(out, 5 + length);
  put_length(out + 4, 1 + length);
  out[8] = (unsigned char)code;
  for (size_t i = 0; i < length; i++) out[9 + i] = ascii_to_host(data[i]);
  return 9 + length;
}
