// JSON as the control port speaks it: one object a line. Reads into a tree of nodes that point into the line.
#ifndef BOX_JSON_H
#define BOX_JSON_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_MOST_NODES = 2000, JSON_MOST_DEPTH = 16 };

typedef enum { JSON_NULL, JSON_TRUE, JSON_FALSE, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT } json_kind;

typedef struct json {
  json_kind kind;
  const char *name; // of a member of an object
  const char *text; // of JSON_TEXT, unescaped
  double number;
  struct json *first; // child
  struct json *next;  // sibling
} json;

// Parses the line in place (it is overwritten). NULL when it is not JSON or too large. Free the result with json_free.
json *json_parse(char *line);
void json_free(json *root);

const json *json_member(const json *object, const char *name);
// The member's text, or `otherwise` when it is absent or no text.
const char *json_text_of(const json *object, const char *name, const char *otherwise);
double json_number_of(const json *object, const char *name, double otherwise);

// Writes `length` Latin-1 characters, without trailing blanks, as a JSON string with quotes. Returns the characters written.
size_t json_write_latin1(char *out, size_t room, const char *text, size_t length);

#endif
