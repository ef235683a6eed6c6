// Rules, the choice of a fault, and the counts.
#include "faults.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { MOST_RULES = 100, MOST_KINDS = 32, MOST_PROGRAMS = 32 };

typedef struct {
  int kind;
  fault_stage stage;
  fault_request match; // empty: any. reference may end in *
  long after;          // matching requests let through first
  long count;          // faults to give; -1: no end
  double probability;
  fault effect;
  uint64_t seen; // matching requests so far
  long given;
} rule;

static struct {
  pthread_mutex_t lock;
  const fault_kind *kinds;
  uint64_t seed;
  rule rules[MOST_RULES];
  int used;
  long given[MOST_KINDS];
  struct {
    char name[33];
    long requests, executed;
  } programs[MOST_PROGRAMS];
  int programs_used;
} plan = {.lock = PTHREAD_MUTEX_INITIALIZER};

void faults_use(const fault_kind *kinds) { plan.kinds = kinds; }

// splitmix64 of seed, rule and place: no state, so that threads cannot disturb the sequence of a rule.
static uint64_t random_of(uint64_t seed, uint64_t index, uint64_t place) {
  uint64_t z = seed + index * 0x9E3779B97F4A7C15u + place * 0xD1B54A32D192ED03u + 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static int kind_of(const char *name) {
  for (int i = 0; plan.kinds[i].name != NULL; i++)
    if (strcmp(plan.kinds[i].name, name) == 0) return i;
  return -1;
}

static const char *read_rule(const json *from, rule *to) {
  static const char *const known[] = {"fault",       "program", "reference", "account", "after", "count",
                                      "probability", "ms",      "bytes",     "code",    NULL};
  if (from->kind != JSON_OBJECT) return "a rule is an object";
  for (const json *member = from->first; member != NULL; member = member->next) {
    int i = 0;
    while (known[i] != NULL && strcmp(known[i], member->name) != 0) i++;
    if (known[i] == NULL)
      return "a rule has fault, program, reference, account, after, count, probability, ms, bytes, code";
  }
  *to = (rule){.kind = kind_of(json_text_of(from, "fault", ""))};
  if (to->kind < 0) return "unknown fault";
  snprintf(to->match.program, sizeof to->match.program, "%s", json_text_of(from, "program", ""));
  snprintf(to->match.reference, sizeof to->match.reference, "%s", json_text_of(from, "reference", ""));
  snprintf(to->match.account, sizeof to->match.account, "%s", json_text_of(from, "account", ""));
  to->stage = plan.kinds[to->kind].stage;
  if (to->stage == AT_ACCEPT && to->match.program[0] != '\0') to->stage = AT_HANDSHAKE;
  to->after = (long)json_number_of(from, "after", 0);
  to->count = (long)json_number_of(from, "count", -1);
  to->probability = json_number_of(from, "probability", 1);
  to->effect.ms = (int)json_number_of(from, "ms", 0);
  to->effect.bytes = (int)json_number_of(from, "bytes", 0);
  snprintf(to->effect.code, sizeof to->effect.code, "%s", json_text_of(from, "code", ""));
  if (to->probability < 0 || to->probability > 1) return "probability is from 0 to 1";
  if (to->effect.ms < 0 || to->effect.ms > 600000) return "ms is from 0 to 600000";
  return NULL;
}

bool faults_plan(const json *command, char *mistake, size_t room) {
  static rule fresh[MOST_RULES];
  const json *rules = json_member(command, "rules");
  if (rules == NULL || rules->kind != JSON_ARRAY) return snprintf(mistake, room, "rules is an array"), false;
  pthread_mutex_lock(&plan.lock);
  int used = 0;
  const char *wrong = NULL;
  for (const json *one = rules->first; one != NULL && wrong == NULL; one = one->next) {
    if (used == MOST_RULES) wrong = "too many rules";
    else wrong = read_rule(one, &fresh[used]);
    if (wrong != NULL) snprintf(mistake, room, "rule %d: %s", used, wrong);
    used++;
  }
  if (wrong == NULL) {
    memcpy(plan.rules, fresh, sizeof fresh);
    plan.used = used;
    plan.seed = (uint64_t)json_number_of(command, "seed", 1);
  }
  pthread_mutex_unlock(&plan.lock);
  return wrong == NULL;
}

void faults_clear(void) {
  pthread_mutex_lock(&plan.lock);
  plan.used = 0;
  pthread_mutex_unlock(&plan.lock);
}

bool faults_down(void) {
  bool down = false;
  pthread_mutex_lock(&plan.lock);
  for (int i = 0; i < plan.used; i++) down = down || strcmp(plan.kinds[plan.rules[i].kind].name, "down") == 0;
  pthread_mutex_unlock(&plan.lock);
  return down;
}

int faults_rules(void) { return plan.used; }

// `wanted` empty: any; ending in *: a prefix.
static bool fits(const char *wanted, const char *actual) {
  size_t length = strlen(wanted);
  if (length > 0 && wanted[length - 1] == '*') return strncmp(wanted, actual, length - 1) == 0;
  return length == 0 || strcmp(wanted, actual) == 0;
}

fault faults_take(fault_stage stage, const fault_request *request) {
  fault taken = {0};
  pthread_mutex_lock(&plan.lock);
  for (int i = 0; i < plan.used && taken.name == NULL; i++) {
    rule *one = &plan.rules[i];
    if (one->stage != stage || !fits(one->match.program, request->program) ||
        !fits(one->match.reference, request->reference) || !fits(one->match.account, request->account))
      continue;
    uint64_t random = random_of(plan.seed, (uint64_t)i, one->seen++);
    if (one->seen <= (uint64_t)one->after || (one->count >= 0 && one->given >= one->count)) continue;
    if ((double)(random >> 11) / (double)(1ull << 53) >= one->probability) continue;
    one->given++;
    plan.given[one->kind]++;
    taken = one->effect;
    taken.name = plan.kinds[one->kind].name;
    taken.random = random;
  }
  pthread_mutex_unlock(&plan.lock);
  return taken;
}

void faults_count(const char *program, bool executed) {
  pthread_mutex_lock(&plan.lock);
  int i = 0;
  while (i < plan.programs_used && strcmp(plan.programs[i].name, program) != 0) i++;
  if (i == plan.programs_used && i < MOST_PROGRAMS)
    snprintf(plan.programs[plan.programs_used++].name, sizeof plan.programs[0].name, "%s", program);
  if (i < MOST_PROGRAMS) {
    if (executed) plan.programs[i].executed++;
    else plan.programs[i].requests++;
  }
  pthread_mutex_unlock(&plan.lock);
}

size_t faults_write_stats(char *out, size_t room) {
  pthread_mutex_lock(&plan.lock);
  size_t used = (size_t)snprintf(out, room, "\"programs\":{");
  for (int i = 0; i < plan.programs_used; i++)
    used += (size_t)snprintf(out + used, room - used, "%s\"%s\":{\"requests\":%ld,\"executed\":%ld}", i ? "," : "",
                             plan.programs[i].name, plan.programs[i].requests, plan.programs[i].executed);
  used += (size_t)snprintf(out + used, room - used, "},\"faults\":{");
  const char *comma = "";
  for (int i = 0; plan.kinds[i].name != NULL; i++) {
    if (plan.given[i] == 0) continue;
    used += (size_t)snprintf(out + used, room - used, "%s\"%s\":%ld", comma, plan.kinds[i].name, plan.given[i]);
    comma = ",";
  }
  used += (size_t)snprintf(out + used, room - used, "}");
  pthread_mutex_unlock(&plan.lock);
  return used;
}

void faults_forget_stats(void) {
  pthread_mutex_lock(&plan.lock);
  memset(plan.given, 0, sizeof plan.given);
  plan.programs_used = 0;
  memset(plan.programs, 0, sizeof plan.programs);
  pthread_mutex_unlock(&plan.lock);
}
