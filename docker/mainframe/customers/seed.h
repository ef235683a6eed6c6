// The customers of a new bank: the same people as in the COBOL bank (../cobol/copy/SEEDCUST.cpy).
#ifndef CUSTOMERS_SEED_H
#define CUSTOMERS_SEED_H

#include "store.h"

enum { SEED_CUSTOMERS = 30 };
void seed_customer(int index, store_customer *to);

#endif
