/*
 * flood N WINDOW [PORT]: sends N datagrams of 64 bytes to itself over UDP loopback, at most WINDOW in flight, and
 * prints how many came and how many a second. Gives up two seconds after the last one came.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "yardstick.h"

#define PAYLOAD 64

static const char usage[] = "flood N WINDOW [PORT]";

int main(int argc, char **argv)
{
	long count = number_argument(argc, argv, 1, 1, usage);
	long window = number_argument(argc, argv, 2, 1, usage);
	int port = argc > 3 ? number_argument(argc, argv, 3, 1, usage) : 7777;
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port),
	};
	int buffer_size = 64 << 20;
	char payload[PAYLOAD] = { 0 };
	int receiver = socket(AF_INET, SOCK_DGRAM, 0);
	int sender = socket(AF_INET, SOCK_DGRAM, 0);

	check(receiver >= 0 && sender >= 0, "socket");
	setsockopt(receiver, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_size, sizeof(buffer_size));
	setsockopt(sender, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_size, sizeof(buffer_size));
	check(bind(receiver, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	check(connect(sender, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");

	long sent = 0, got = 0;
	double start = now_seconds(), last = start;

	while (got < count) {
		long before = got;

		while (sent < count && sent - got < window) {
			if (send(sender, payload, sizeof(payload), MSG_DONTWAIT) < 0)
				break;
			sent++;
		}
		while (recv(receiver, payload, sizeof(payload), MSG_DONTWAIT) > 0)
			got++;
		if (got > before) {
			last = now_seconds();
		} else {
			struct pollfd wait = { .fd = receiver, .events = POLLIN };

			poll(&wait, 1, 100);
			if (now_seconds() - last > 2)
				break;
		}
	}
	print_figure("sent", sent);
	print_figure("got", got);
	print_figure("per_second", last > start ? got / (last - start) : 0);
	return 0;
}
