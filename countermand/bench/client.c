/* A load client: POSTs to each path of standard input once, over so many keep-alive connections.
 *
 * In C so that the measure costs the measured machine as little as can be. Every answer is read whole
 * and counted by its status; latencies are kept one by one.
 *
 * client PORT CONNECTIONS SECONDS TOKEN KEY_PREFIX BODY  < paths        prints one line of JSON
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM (256 * 1024)

struct peer {
    int handle, filled, busy;
    double since;
    char answer[ROOM];
};

static char **paths;
static size_t path_count, next_path;
static double *latencies;
static size_t answered, created, refused, broken;
static char first_refusal[400];
static const char *token, *key_prefix, *body;
static int port;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void read_paths(void) {
    size_t room = 1024, length = 0;
    char *line = NULL;
    ssize_t got;
    paths = malloc(room * sizeof *paths);
    while ((got = getline(&line, &length, stdin)) > 0) {
        if (line[got - 1] == '\n') line[got - 1] = 0;
        if (path_count == room) paths = realloc(paths, (room *= 2) * sizeof *paths);
        paths[path_count++] = strdup(line);
    }
    free(line);
    latencies = malloc((path_count + 1) * sizeof *latencies);
}

static void connect_peer(struct peer *peer, int epoll) {
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
    int one = 1;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((peer->handle = socket(AF_INET, SOCK_STREAM, 0)) < 0) die("socket");
    if (connect(peer->handle, (struct sockaddr *)&where, sizeof where)) die("connect");
    setsockopt(peer->handle, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, peer->handle, &event)) die("epoll_ctl");
    peer->busy = peer->filled = 0;
}

static int ask(struct peer *peer) {
    char request[4096];
    int length, sent = 0, part;
    if (next_path == path_count) return 0;
    length = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nIdempotency-Key: %s%zu\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        paths[next_path], port, token, key_prefix, next_path, strlen(body), body);
    next_path++;
    peer->filled = 0;
    peer->busy = 1;
    peer->since = now();
    while (sent < length) {
        if ((part = send(peer->handle, request + sent, length - sent, MSG_NOSIGNAL)) < 0) return -1;
        sent += part;
    }
    return 1;
}

/* Whether the answer is there to its last byte. */
static int whole(struct peer *peer) {
    char *end, *line;
    peer->answer[peer->filled] = 0;
    if (!(end = strstr(peer->answer, "\r\n\r\n"))) return 0;
    for (line = strstr(peer->answer, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n")) {
        if (!strncasecmp(line + 2, "content-length:", 15))
            return peer->answer + peer->filled - (end + 4) >= atol(line + 17);
        if (!strncasecmp(line + 2, "transfer-encoding:", 18))
            return peer->filled >= 5 && !memcmp(peer->answer + peer->filled - 5, "0\r\n\r\n", 5);
    }
    return 0;
}

static void count(struct peer *peer) {
    latencies[answered++] = now() - peer->since;
    peer->busy = 0;
    if (!strncmp(peer->answer, "HTTP/1.1 201", 12)) {
        created++;
    } else if (!refused++) {
        snprintf(first_refusal, sizeof first_refusal, "%.399s", peer->answer);
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(double share) {
    return answered ? 1000 * latencies[(size_t)(share * (answered - 1))] : 0;
}

static void print_text(const char *text) {
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') printf("\\%c", *text);
        else if (*text >= ' ' && *text < 127) putchar(*text);
        else putchar(' ');
    }
    putchar('"');
}

int main(int count_of, char **given) {
    int connections, i, busy = 0, epoll, ready, got, went;
    double seconds, begun, until, last;
    struct peer *peers;
    struct epoll_event events[64];
    if (count_of != 7) {
        fprintf(stderr, "client PORT CONNECTIONS SECONDS TOKEN KEY_PREFIX BODY < paths\n");
        return 2;
    }
    port = atoi(given[1]);
    connections = atoi(given[2]);
    seconds = atof(given[3]);
    token = given[4];
    key_prefix = given[5];
    body = given[6];
    read_paths();
    if ((epoll = epoll_create1(0)) < 0) die("epoll_create1");
    peers = calloc(connections, sizeof *peers);
    for (i = 0; i < connections; i++) connect_peer(&peers[i], epoll);
    begun = last = now();
    until = begun + seconds;
    for (i = 0; i < connections; i++) busy += ask(&peers[i]) > 0;
    while (busy) {
        if ((ready = epoll_wait(epoll, events, 64, 30000)) <= 0) {
            if (ready < 0 && errno == EINTR) continue;
            break; /* nobody answers */
        }
        for (i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;
            got = recv(peer->handle, peer->answer + peer->filled, ROOM - 1 - peer->filled, 0);
            if (got <= 0) {
                close(peer->handle);
                if (peer->busy) broken++, busy--;
                connect_peer(peer, epoll);
            } else {
                peer->filled += got;
                if (!whole(peer)) continue;
                count(peer);
                busy--;
                last = now();
            }
            if (now() < until && (went = ask(peer))) {
                if (went < 0) peer->busy = 0, broken++;
                else busy++;
            }
        }
    }
    qsort(latencies, answered, sizeof *latencies, by_size);
    printf("{\"created\":%zu,\"refused\":%zu,\"broken\":%zu,\"unanswered\":%d,\"seconds\":%.6f,\"p50_ms\":%.3f,"
           "\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"used_up\":%s,\"first_refusal\":",
        created, refused, broken, busy, last - begun, at(0.5), at(0.95), at(0.99),
        next_path == path_count ? "true" : "false");
    print_text(first_refusal);
    printf("}\n");
    return 0;
}
