/*
 * paced N PER_SECOND FIRST: sends N datagrams, numbered from FIRST on, to itself over UDP loopback at an even pace and
 * prints one line for each that came back: its number and the microseconds from send to receive. Gives up two seconds
 * after the last.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>
#include "yardstick.h"

struct message {
	uint32_t number;
	char padding[60];
};

static const char usage[] = "paced N PER_SECOND FIRST";

int main(int argc, char **argv)
{
	long count = number_argument(argc, argv, 1, 1, usage);
	long per_second = number_argument(argc, argv, 2, 1, usage);
	long first = number_argument(argc, argv, 3, 0, usage);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(7779),
	};
	int buffer_size = 64 << 20;
	double *sent_at = calloc(count, sizeof(*sent_at));
	double *microseconds = calloc(count, sizeof(*microseconds));
	int receiver = socket(AF_INET, SOCK_DGRAM, 0);
	int sender = socket(AF_INET, SOCK_DGRAM, 0);
	struct message message = { 0 };

	check(receiver >= 0 && sender >= 0 && sent_at != NULL && microseconds != NULL, "socket");
	setsockopt(receiver, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_size, sizeof(buffer_size));
	setsockopt(sender, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_size, sizeof(buffer_size));
	check(bind(receiver, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	check(connect(sender, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");

	long sent = 0, got = 0;
	double start = now_seconds(), last = start;

	while (got < count && now_seconds() - last < 2) {
		double now = now_seconds();

		while (sent < count && sent < (now - start) * per_second) {
			message.number = first + sent;
			sent_at[sent] = now_seconds();
			if (send(sender, &message, sizeof(message), MSG_DONTWAIT) < 0)
				break;
			sent++;
		}
		while (recv(receiver, &message, sizeof(message), MSG_DONTWAIT) > 0) {
			last = now_seconds();
			long index = message.number - first;

			if (index >= 0 && index < count && microseconds[index] == 0) {
				microseconds[index] = (last - sent_at[index]) * 1e6;
				got++;
			}
		}
		/* A sleep of its own would be in the figures; a tenth of a millisecond is not. */
		struct timespec moment = { .tv_nsec = 100000 };
		struct pollfd wait = { .fd = receiver, .events = POLLIN };

		ppoll(&wait, 1, &moment, NULL);
	}
	for (long index = 0; index < count; index++)
		if (microseconds[index] > 0)
			printf("%ld %.1f\n", first + index, microseconds[index]);
	return 0;
}
