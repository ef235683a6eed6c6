// Listening, one thread a connection, and being down.
#define _GNU_SOURCE
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

enum { MOST_CONNECTIONS = 1000, IDLE_SECONDS = 600, LOWEST_PORT = 20000, PORTS = 12000 };

struct server {
  const char *host;
  int port;
  int listening; // -1 while down
  server_session *session;
  server_admit *admit;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool down;
  int connections[MOST_CONNECTIONS]; // -1: free
  server_counts counts;
};

typedef struct {
  server *owner;
  int slot;
  int connection;
} visitor;

static int listen_on(const char *host, int port) {
  int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) == 1 &&
      bind(listening, (struct sockaddr *)&address, sizeof address) == 0 && listen(listening, 512) == 0)
    return listening;
  close(listening);
  return -1;
}

// Ports above 32767 belong to outgoing connections of the system; one could be taken between two starts.
static int listen_anywhere(const char *host, int *port) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  unsigned start = (unsigned)now.tv_nsec / 1000 + (unsigned)getpid() * 131;
  for (unsigned i = 0; i < PORTS; i++) {
    *port = LOWEST_PORT + (int)((start + i * 7) % PORTS);
    int listening = listen_on(host, *port);
    if (listening >= 0) return listening;
  }
  return -1;
}

static void *serve(void *argument) {
  visitor it = *(visitor *)argument;
  free(argument);
  it.owner->session(it.connection);
  pthread_mutex_lock(&it.owner->lock);
  it.owner->connections[it.slot] = -1;
  it.owner->counts.open--;
  close(it.connection);
  pthread_mutex_unlock(&it.owner->lock);
  return NULL;
}

// A free place for the connection, or -1.
static int take_slot(server *it, int connection) {
  int slot = -1;
  pthread_mutex_lock(&it->lock);
  it->counts.accepted++;
  for (int i = 0; !it->down && i < MOST_CONNECTIONS; i++) {
    if (it->connections[i] != -1) continue;
    it->connections[i] = connection;
    slot = i;
    if (++it->counts.open > it->counts.peak) it->counts.peak = it->counts.open;
    break;
  }
  pthread_mutex_unlock(&it->lock);
  return slot;
}

static void welcome(server *it, int connection) {
  int yes = 1;
  struct timeval idle = {.tv_sec = IDLE_SECONDS};
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
  int slot = it->admit == NULL || it->admit() ? take_slot(it, connection) : -1;
  if (slot < 0) {
    close(connection);
    return;
  }
  visitor *argument = malloc(sizeof *argument);
  if (argument == NULL) process_fail("out of memory");
  *argument = (visitor){.owner = it, .slot = slot, .connection = connection};
  pthread_t thread;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 256 * 1024);
  pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&thread, &small, serve, argument) != 0) process_fail("cannot start a thread");
  pthread_attr_destroy(&small);
}

static void *accept_all(void *argument) {
  server *it = argument;
  for (;;) {
    int connection = accept4(it->listening, NULL, NULL, SOCK_CLOEXEC);
    if (connection >= 0) {
      welcome(it, connection);
      continue;
    }
    pthread_mutex_lock(&it->lock);
    if (it->down) {
      close(it->listening);
      it->listening = -1;
      pthread_cond_broadcast(&it->changed);
      while (it->down) pthread_cond_wait(&it->changed, &it->lock);
      while ((it->listening = listen_on(it->host, it->port)) < 0) usleep(10000);
      pthread_cond_broadcast(&it->changed);
    }
    pthread_mutex_unlock(&it->lock);
    usleep(1000);
  }
  return NULL;
}

server *server_start(const char *host, int port, server_session *session, server_admit *admit) {
  server *it = calloc(1, sizeof *it);
  if (it == NULL) process_fail("out of memory");
  it->session = session;
  it->admit = admit;
  it->host = host;
  it->port = port;
  pthread_mutex_init(&it->lock, NULL);
  pthread_cond_init(&it->changed, NULL);
  for (int i = 0; i < MOST_CONNECTIONS; i++) it->connections[i] = -1;
  it->listening = port == 0 ? listen_anywhere(host, &it->port) : listen_on(host, port);
  if (it->listening < 0) process_fail("cannot listen on %s:%d: %s", host, port, strerror(errno));
  pthread_t acceptor;
  if (pthread_create(&acceptor, NULL, accept_all, it) != 0) process_fail("cannot start a thread");
  return it;
}

int server_port(const server *it) { return it->port; }

server_counts server_count(server *it) {
  pthread_mutex_lock(&it->lock);
  server_counts counts = it->counts;
  pthread_mutex_unlock(&it->lock);
  return counts;
}

void server_set_down(server *it, bool down) {
  pthread_mutex_lock(&it->lock);
  if (it->down != down) {
    it->down = down;
    if (down) {
      shutdown(it->listening, SHUT_RDWR);
      for (int i = 0; i < MOST_CONNECTIONS; i++)
        if (it->connections[i] != -1) shutdown(it->connections[i], SHUT_RDWR);
    }
    pthread_cond_broadcast(&it->changed);
    while ((it->listening < 0) != down) pthread_cond_wait(&it->changed, &it->lock);
  }
  pthread_mutex_unlock(&it->lock);
}

bool server_read(int connection, void *bytes, size_t length) {
  char *to = bytes;
  while (length > 0) {
    ssize_t got = recv(connection, to, length, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    length -= (size_t)got;
  }
  return true;
}

bool server_write(int connection, const void *bytes, size_t length) {
  const char *from = bytes;
  while (length > 0) {
    ssize_t sent = send(connection, from, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    from += sent;
    length -= (size_t)sent;
  }
  return true;
}
