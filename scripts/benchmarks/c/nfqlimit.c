/*
 * nfqlimit QUEUE: accepts every packet of a queue at once through libnetfilter_queue, until it is killed: what any
 * program on NFQUEUE can reach. Prints "ready" when the queue is bound.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <sys/socket.h>
#include "yardstick.h"

/* Headers are enough to decide on, and the limit shall be high. */
#define COPY_BYTES 256
#define QUEUE_LENGTH 100000
#define SOCKET_BUFFER (64 << 20)

static int accept_packet(struct nfq_q_handle *queue, struct nfgenmsg *message, struct nfq_data *data, void *unused)
{
	struct nfqnl_msg_packet_hdr *header = nfq_get_msg_packet_hdr(data);

	(void)message;
	(void)unused;
	return nfq_set_verdict(queue, ntohl(header->packet_id), NF_ACCEPT, 0, NULL);
}

int main(int argc, char **argv)
{
	static char buffer[1 << 16];
	long number = number_argument(argc, argv, 1, 0, "nfqlimit QUEUE");
	struct nfq_handle *handle = nfq_open();

	check(handle != NULL, "nfq_open");
	struct nfq_q_handle *queue = nfq_create_queue(handle, number, accept_packet, NULL);

	check(queue != NULL, "nfq_create_queue");
	check(nfq_set_mode(queue, NFQNL_COPY_PACKET, COPY_BYTES) >= 0, "nfq_set_mode");
	check(nfq_set_queue_maxlen(queue, QUEUE_LENGTH) >= 0, "nfq_set_queue_maxlen");
	nfnl_rcvbufsiz(nfq_nfnlh(handle), SOCKET_BUFFER);
	puts("ready");
	fflush(stdout);
	for (;;) {
		ssize_t size = recv(nfq_fd(handle), buffer, sizeof(buffer), 0);

		if (size > 0)
			nfq_handle_packet(handle, buffer, size);
		else
			check(errno == ENOBUFS || errno == EINTR, "recv");
	}
}
