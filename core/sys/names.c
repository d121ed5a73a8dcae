/* SPDX-License-Identifier: MIT */
/*
 * A file is read once, kept as it is and indexed: number to place in the text, where a NUL is put
 * behind each name. 25,000 rows ask twice for a service, so that a walk over 300 lines for each is
 * out of the question; the built-in table is therefore a text of the same form, read by the same
 * code behind the file.
 *
 * Interfaces are asked of the kernel by number (SIOCGIFNAME): one call for each that is met, where
 * sys/class/net would take three for each that exists.
 */
#include "core/sys/names.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/map.h"
#include "core/base/mem.h"

#define FILE_MAX ((size_t)16 << 20)
#define NAMELESS 0 /* place in the list of an index without a name */

/** The text of a file with a NUL behind each name, and where the name of a number begins. */
struct table {
	struct buf text;
	struct map by_number;
	bool filled;
};

struct names {
	const struct world *world;
	struct table users, services;
	struct map interfaces; /* index to place in list */
	struct str *list;      /* each name once, for ever: rows of older samples point there */
	uint32_t count;
	struct arena texts;
	int fd;    /* any socket, for ioctl; -1: none */
	int error; /* -errno of what was there and could not be read */
};

/* Ports that are met where there is no /etc/services. No protocol: both. The first name counts. */
static const char builtin[] =
        "ftp-data 20/tcp\nftp 21/tcp\nssh 22/tcp\ntelnet 23/tcp\nsmtp 25/tcp\ndomain 53/\n"
        "bootps 67/udp\nbootpc 68/udp\ntftp 69/udp\nhttp 80/tcp\nkerberos 88/\npop3 110/tcp\n"
        "sunrpc 111/\nntp 123/udp\nepmap 135/\nnetbios-ns 137/udp\nnetbios-dgm 138/udp\n"
        "netbios-ssn 139/tcp\nimap2 143/tcp\nsnmp 161/\nsnmp-trap 162/\nbgp 179/tcp\n"
        "ldap 389/\nhttps 443/\nmicrosoft-ds 445/\nkpasswd 464/\nsubmissions 465/tcp\n"
        "isakmp 500/udp\nshell 514/tcp\nsyslog 514/udp\ndhcpv6-client 546/udp\n"
        "dhcpv6-server 547/udp\nrtsp 554/\nsubmission 587/tcp\nipp 631/\nldaps 636/tcp\n"
        "domain-s 853/\nrsync 873/tcp\nimaps 993/tcp\npop3s 995/tcp\nsocks 1080/tcp\n"
        "openvpn 1194/\nms-sql-s 1433/tcp\nradius 1812/udp\nmqtt 1883/tcp\nnfs 2049/\n"
        "etcd-client 2379/tcp\niscsi-target 3260/tcp\nmysql 3306/tcp\nms-wbt-server 3389/\n"
        "stun 3478/\nipsec-nat-t 4500/udp\nvxlan 4789/udp\nsip 5060/\nxmpp-client 5222/tcp\n"
        "mdns 5353/udp\npostgresql 5432/tcp\namqp 5672/tcp\nx11 6000/tcp\nredis 6379/tcp\n"
        "http-alt 8080/tcp\ngit 9418/tcp\nmemcached 11211/\nwireguard 51820/udp\n";

/* Place of the name in the list; it is added where it is new. */
static uint32_t remember(struct names *names, struct str name)
{
	uint32_t at = 0;

	while (at < names->count && !str_equal(names->list[at], name))
		at++;
	if (at == names->count) {
		names->list = mem_grow(names->list, names->count++, sizeof(name));
		names->list[at] = name.ptr ? arena_str(&names->texts, name) : name;
	}
	return at;
}

struct names *names_new(const struct world *world)
{
	struct names *names = mem_alloc(sizeof(*names));

	names->world = world;
	names->fd = -1;
	remember(names, STR_NONE); /* NAMELESS */
	return names;
}

static void table_release(struct table *table)
{
	buf_release(&table->text);
	map_release(&table->by_number);
}

void names_free(struct names *names)
{
	if (!names)
		return;
	table_release(&names->users);
	table_release(&names->services);
	names_refresh(names); /* the socket */
	map_release(&names->interfaces);
	arena_release(&names->texts);
	free(names->list);
	free(names);
}

/* The first name of a number stays. */
static void add(struct table *table, struct str name, uint64_t number)
{
	size_t at = (size_t)(name.ptr - table->text.ptr);

	if (!name.len || map_get(&table->by_number, number) != MAP_NONE)
		return;
	table->text.ptr[at + name.len] = '\0';
	map_put(&table->by_number, number, (uint32_t)at);
}

static struct str look_up(const struct table *table, uint64_t number)
{
	uint32_t at = map_get(&table->by_number, number);

	return at == MAP_NONE ? STR_NONE : str_from(table->text.ptr + at);
}

/* name:password:uid:... */
static void add_user(struct table *table, struct str line)
{
	struct str name, part;
	uint64_t uid;

	if (str_split(&line, ':', &name) && str_split(&line, ':', &part) &&
	        str_split(&line, ':', &part) && str_u64(part, &uid))
		add(table, name, uid);
}

static uint64_t service_key(bool udp, uint64_t port)
{
	return port | (uint64_t)udp << 16;
}

/* name port/protocol alias... # comment */
static void add_service(struct table *table, struct str line)
{
	struct str name, word, number;
	uint64_t port;

	if (!str_word(&line, &name) || name.ptr[0] == '#' || !str_word(&line, &word) ||
	        !str_split(&word, '/', &number) || !str_u64(number, &port) || !word.ptr ||
	        port > 65535)
		return;
	if (!word.len || str_equal(word, STR("tcp")))
		add(table, name, service_key(false, port));
	if (!word.len || str_equal(word, STR("udp")))
		add(table, name, service_key(true, port));
}

/* What follows the last newline of a file that was cut may be half a number. */
static void read_table(struct names *names, struct table *table, const char *path, const char *more,
        void (*line_to)(struct table *table, struct str line))
{
	struct str rest, line;
	int64_t got;

	if (table->filled)
		return;
	table->filled = true;
	got = file_read(names->world->root, path, &table->text, FILE_MAX);
	if (got < 0) {
		if (got != -ENOENT && got != -ENOTDIR)
			names->error = (int)got;
		while (table->text.len && table->text.ptr[table->text.len - 1] != '\n')
			table->text.len--;
	}
	buf_char(&table->text, '\n');
	buf_text(&table->text, more);
	rest = buf_view(&table->text);
	while (str_split(&rest, '\n', &line))
		line_to(table, line);
}

struct str names_user(struct names *names, uint32_t uid)
{
	read_table(names, &names->users, "etc/passwd", "", add_user);
	return look_up(&names->users, uid);
}

struct str names_service(struct names *names, bool udp, uint16_t port)
{
	read_table(names, &names->services, "etc/services", CONFIG_SERVICES ? builtin : "",
	        add_service);
	return look_up(&names->services, service_key(udp, port));
}

static void ask_kernel(struct names *names, uint32_t index)
{
	struct ifreq request = { .ifr_ifindex = (int)index };

	if (names->fd < 0)
		names->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ioctl(names->fd, SIOCGIFNAME, &request) == 0) {
		request.ifr_name[IFNAMSIZ - 1] = '\0';
		map_put(&names->interfaces, index, remember(names, str_from(request.ifr_name)));
	} else if (errno != ENODEV && errno != ENXIO) {
		names->error = -errno;
	}
}

static void list_interfaces(struct names *names)
{
	struct buf path = { 0 }, text = { 0 };
	struct dir dir = { 0 };
	const char *name;
	uint64_t index;

	dir_open(&dir, names->world->root, "sys/class/net");
	while ((name = dir_next(&dir))) {
		buf_clear(&path);
		buf_format(&path, "%s/ifindex", name);
		if (file_read(dir.fd, path.ptr, &text, 64) >= 0 &&
		        str_u64(str_trim(buf_view(&text)), &index))
			map_put(&names->interfaces, index, remember(names, str_from(name)));
	}
	dir_release(&dir);
	buf_release(&path);
	buf_release(&text);
}

struct str names_interface(struct names *names, uint32_t index)
{
	if (map_get(&names->interfaces, index) == MAP_NONE) {
		map_put(&names->interfaces, index, NAMELESS);
		if (names->world->replay)
			list_interfaces(names);
		else
			ask_kernel(names, index);
	}
	return names->list[map_get(&names->interfaces, index)];
}

/* The socket goes too: after a change of the network namespace it would still ask the old one. */
void names_refresh(struct names *names)
{
	map_clear(&names->interfaces);
	if (names->fd >= 0)
		close(names->fd);
	names->fd = -1;
}

int names_error(const struct names *names)
{
	return names->error;
}
