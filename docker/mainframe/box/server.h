// A TCP server: one thread a connection, so that a slow or delayed one never holds up the others.
#ifndef BOX_SERVER_H
#define BOX_SERVER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct server server;

// Serves one connection; the server closes it afterwards.
typedef void server_session(int connection);
// Asked for each new connection; false closes it at once.
typedef bool server_admit(void);

typedef struct {
  long accepted, open, peak;
} server_counts;

// Port 0 takes a free one below 32768. `admit` may be NULL. Ends the process when it cannot listen.
server *server_start(const char *host, int port, server_session *session, server_admit *admit);
int server_port(const server *it);
server_counts server_count(server *it);

// Down: the port refuses connections and all open ones are cut. Returns when it is so.
void server_set_down(server *it, bool down);

// Exactly `length` bytes; false when the connection ended or failed first.
bool server_read(int connection, void *bytes, size_t length);
bool server_write(int connection, const void *bytes, size_t length);

#endif
