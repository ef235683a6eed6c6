// What survives a kill: the log of the state, and the journal of effects outside of it. One order makes the two agree:
//
//   1  the group of after images is written to the log and synced            STATE/log
//   2  its effect's line is written to the journal and synced                JOURNAL
//   3  the caller is answered
//
// A crash before 1 is whole: nothing happened. Between 1 and 2 ledger_open writes the missing lines: each group carries its own.
// Several callers are synced at once (group commit), so that many connections do not wait for one disk write each.
//
// A group in the log (integers in the machine's order):
//
//     0       4         8         12         20      24
//    +-------+---------+---------+----------+-------+------------- - -+------ - -+
//    | GRP1  | payload | effect  | sequence | crc32 | payload         | effect   |
//    |   4   | length 4| length 4|    8     |   4   |                 | line     |
//    +-------+---------+---------+----------+-------+------------- - -+------ - -+
#ifndef BOX_LEDGER_H
#define BOX_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void ledger_replay(const unsigned char *payload, size_t length);

// Opens or makes both files, cuts torn ends, replays every group in order and completes the journal. Ends the process on an error.
// False when the log was empty: the caller must seed with ledger_restart.
bool ledger_open(const char *state_directory, const char *journal_path, ledger_replay *replay);

// Replaces the whole log by one group without an effect: a new or reset state. Not while an append is under way.
void ledger_restart(const unsigned char *payload, size_t length);

// Adds a group; `effect` is the members of a JSON object, or NULL. One thread at a time. Returns a position to wait for.
uint64_t ledger_append(const unsigned char *payload, size_t length, const char *effect);

// The position of everything that was appended so far.
uint64_t ledger_position(void);

// Waits until everything up to the position is safe.
void ledger_wait(uint64_t position);

// Sequence of the last effect and the journal's length in bytes.
void ledger_journal(uint64_t *sequence, uint64_t *bytes);

#endif
