// A small JSON reader and the writer of one string.
#include "json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *at;
  json *nodes;
  int used;
  int depth;
} reader;

static bool read_value(reader *in, json *node);

static void skip_blanks(reader *in) {
  while (*in->at == ' ' || *in->at == '\t' || *in->at == '\r' || *in->at == '\n') in->at++;
}

static json *new_node(reader *in) {
  if (in->used == JSON_MOST_NODES) return NULL;
  json *node = &in->nodes[in->used++];
  memset(node, 0, sizeof *node);
  return node;
}

// Only escapes below U+0100 are understood: the box speaks Latin-1.
static bool read_text(reader *in, const char **text) {
  if (*in->at != '"') return false;
  char *from = ++in->at;
  char *to = from;
  *text = from;
  while (*from != '"') {
    if (*from == '\0') return false;
    if (*from != '\\') {
      *to++ = *from++;
      continue;
    }
    from++;
    unsigned code = 0;
    switch (*from) {
    case 'n': *to++ = '\n'; break;
    case 't': *to++ = '\t'; break;
    case 'r': *to++ = '\r'; break;
    case 'b': *to++ = '\b'; break;
    case 'f': *to++ = '\f'; break;
    case '"': case '\\': case '/': *to++ = *from; break;
    case 'u':
      if (sscanf(from + 1, "%4x", &code) != 1 || code == 0 || code > 0xFF) return false;
      *to++ = (char)code;
      from += 4;
      break;
    default: return false;
    }
    from++;
  }
  *to = '\0';
  in->at = from + 1;
  return true;
}

static bool read_children(reader *in, json *parent, char close) {
  json **link = &parent->first;
  in->at++;
  skip_blanks(in);
  if (*in->at == close) return in->at++, true;
  if (++in->depth > JSON_MOST_DEPTH) return false;
  for (;;) {
    json *child = new_node(in);
    if (child == NULL) return false;
    skip_blanks(in);
    const char *name = NULL;
    if (close == '}') {
      if (!read_text(in, &name)) return false;
      skip_blanks(in);
      if (*in->at++ != ':') return false;
    }
    if (!read_value(in, child)) return false;
    child->name = name;
    *link = child;
    link = &child->next;
    skip_blanks(in);
    char separator = *in->at;
    if (separator != ',' && separator != close) return false;
    in->at++;
    if (separator == close) break;
  }
  in->depth--;
  return true;
}

static bool read_word(reader *in, json *node, const char *word, json_kind kind) {
  size_t length = strlen(word);
  if (strncmp(in->at, word, length) != 0) return false;
  in->at += length;
  node->kind = kind;
  return true;
}

static bool read_value(reader *in, json *node) {
  skip_blanks(in);
  switch (*in->at) {
  case '{': node->kind = JSON_OBJECT; return read_children(in, node, '}');
  case '[': node->kind = JSON_ARRAY; return read_children(in, node, ']');
  case '"': node->kind = JSON_TEXT; return read_text(in, &node->text);
  case 't': return read_word(in, node, "true", JSON_TRUE);
  case 'f': return read_word(in, node, "false", JSON_FALSE);
  case 'n': return read_word(in, node, "null", JSON_NULL);
  }
  if (*in->at != '-' && !isdigit((unsigned char)*in->at)) return false;
  char *end;
  node->kind = JSON_NUMBER;
  node->number = strtod(in->at, &end);
  in->at = end;
  return true;
}

json *json_parse(char *line) {
  reader in = {.at = line, .nodes = calloc(JSON_MOST_NODES, sizeof(json))};
  json *root = in.nodes == NULL ? NULL : new_node(&in);
  if (root == NULL) return NULL;
  if (read_value(&in, root)) {
    skip_blanks(&in);
    if (*in.at == '\0') return root;
  }
  free(in.nodes);
  return NULL;
}

void json_free(json *root) { free(root); }

const json *json_member(const json *object, const char *name) {
  if (object == NULL || object->kind != JSON_OBJECT) return NULL;
  for (const json *child = object->first; child != NULL; child = child->next)
    if (strcmp(child->name, name) == 0) return child;
  return NULL;
}

const char *json_text_of(const json *object, const char *name, const char *otherwise) {
  const json *member = json_member(object, name);
  return member != NULL && member->kind == JSON_TEXT ? member->text : otherwise;
}

double json_number_of(const json *object, const char *name, double otherwise) {
  const json *member = json_member(object, name);
  return member != NULL && member->kind == JSON_NUMBER ? member->number : otherwise;
}

size_t json_write_latin1(char *out, size_t room, const char *text, size_t length) {
  while (length > 0 && text[length - 1] == ' ') length--;
  size_t used = 0;
  out[used++] = '"';
  for (size_t i = 0; i < length && used + 8 < room; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\') {
      out[used++] = '\\';
      out[used++] = (char)c;
    } else if (c < 0x20 || c > 0x7E) {
      used += (size_t)snprintf(out + used, room - used, "\\u%04x", c);
    } else {
      out[used++] = (char)c;
    }
  }
  out[used++] = '"';
  out[used] = '\0';
  return used;
}
