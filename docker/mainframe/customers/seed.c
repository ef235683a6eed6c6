// The seed, reckoned from the index: the same every time.
#include "seed.h"

#include <stdio.h>
#include <string.h>

static const char *const names[SEED_CUSTOMERS][2] = {
  {"Ada", "Northcote"}, {"Bruno", "Keller"}, {"Chiara", "Conti"},
  {"Jürgen", "Müller"}, {"Dolores", "Peña"}, {"Émile", "Fontaine"},
  {"George", "Ashdown"}, {"Harriet", "Lowe"}, {"Ines", "Duarte"},
  {"Jonah", "Whitaker"}, {"Käthe", "Groß"}, {"Lars", "Ødegård"},
  {"Maria", "Lindqvist"}, {"Noor", "van Dijk"}, {"Oscar", "Brandt"},
  {"Petra", "Simek"}, {"Quentin", "Moreau"}, {"Rosa", "Ferreira"},
  {"Søren", "Holm"}, {"Tomás", "Iglesias"}, {"Ursula", "Weiß"},
  {"Viktor", "Hansen"}, {"Wanda", "Kowal"}, {"Ximena", "Ríos"},
  {"Yvonne", "Dupré"}, {"Zeno", "Bianchi"}, {"Anton", "Gruber"},
  {"Beatrix", "Vogel"}, {"Cormac", "Daly"}, {"Delphine", "Roche"},
};

static const struct {
  const char *street, *post_code, *city, *country;
} places[] = {
  {"12 Harbour Street", "BS1 4RW", "Bristol", "GB"}, {"Lindenstraße 7", "80331", "München", "DE"},
  {"Via Garibaldi 33", "16124", "Genova", "IT"},     {"Calle Mayor 5", "28013", "Madrid", "ES"},
  {"8 rue des Écoles", "", "Lyon", "FR"},
};

void seed_customer(int index, store_customer *to) {
  *to = (store_customer){.version = 1, .changed_at = 1704067200, .addresses = 1 + index % 2, .phones = index % 4};
  snprintf(to->number, sizeof to->number, "%08d", 10001 + index);
  snprintf(to->given_name, sizeof to->given_name, "%s", names[index][0]);
  snprintf(to->family_name, sizeof to->family_name, "%s", names[index][1]);
  if (index % 5 != 4)
    snprintf(to->birth_date, sizeof to->birth_date, "%04d-%02d-%02d", 1950 + index, 1 + index % 12, 1 + index % 28);
  to->state = index == 4 ? 1 : index == 5 ? 2 : 0;
  to->limit = 100000 + (int64_t)index * 12345;
  snprintf(to->currency, sizeof to->currency, "%s", index % 5 == 1 ? "GBP" : "EUR");
  snprintf(to->since, sizeof to->since, "%04d-%02d-%02d", 1998 + index % 25, 1 + index % 12, 1 + index % 28);
  for (int i = 0; i < to->addresses; i++) {
    int at = (index + i) % 5;
    store_address *address = &to->address[i];
    address->kind = i;
    address->lines = 1 + (index + i) % 2;
    snprintf(address->line[0], STORE_NAME_BYTES, "%s", places[at].street);
    if (address->lines == 2) snprintf(address->line[1], STORE_NAME_BYTES, "Floor %d", 1 + index % 9);
    snprintf(address->post_code, STORE_NAME_BYTES, "%s", places[at].post_code);
    snprintf(address->city, STORE_NAME_BYTES, "%s", places[at].city);
    snprintf(address->country, sizeof address->country, "%s", places[at].country);
  }
  for (int i = 0; i < to->phones; i++) snprintf(to->phone[i], sizeof to->phone[i], "+49891000%02d%d", index, i);
  if (index % 3 == 0) snprintf(to->email, sizeof to->email, "customer%d@bank.example", index + 1);
}
