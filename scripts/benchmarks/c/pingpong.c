/*
 * pingpong N [PORT]: N round trips of 64 bytes over UDP loopback between two threads; prints the median and the 99th
 * percentile in microseconds, and how many were lost (no answer within two seconds).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "yardstick.h"

#define PAYLOAD 64

static const char usage[] = "pingpong N [PORT]";

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void *echo(void *argument)
{
	int server = *(int *)argument;
	char payload[PAYLOAD];

	for (;;) {
		struct sockaddr_in from;
		socklen_t length = sizeof(from);
		ssize_t size = recvfrom(server, payload, sizeof(payload), 0, (struct sockaddr *)&from, &length);

		if (size <= 0)
			return NULL;
		sendto(server, payload, size, 0, (struct sockaddr *)&from, length);
	}
}

int main(int argc, char **argv)
{
	long count = number_argument(argc, argv, 1, 1, usage);
	int port = argc > 2 ? number_argument(argc, argv, 2, 1, usage) : 7778;
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port),
	};
	struct timeval timeout = { .tv_sec = 2 };
	char payload[PAYLOAD] = { 0 };
	double *microseconds = calloc(count, sizeof(*microseconds));
	int server = socket(AF_INET, SOCK_DGRAM, 0);
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	pthread_t thread;
	long lost = 0;

	check(microseconds != NULL && server >= 0 && client >= 0, "socket");
	check(bind(server, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	check(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	check(pthread_create(&thread, NULL, echo, &server) == 0, "pthread_create");

	for (long i = 0; i < count; i++) {
		double start = now_seconds();

		send(client, payload, sizeof(payload), 0);
		if (recv(client, payload, sizeof(payload), 0) < 0)
			lost++;
		microseconds[i] = (now_seconds() - start) * 1e6;
	}
	qsort(microseconds, count, sizeof(*microseconds), compare);
	print_figure("p50_us", microseconds[count / 2]);
	print_figure("p99_us", microseconds[count * 99 / 100]);
	print_figure("lost", lost);
	fflush(stdout);
	_exit(0);
}
