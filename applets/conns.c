/* SPDX-License-Identifier: MIT */
/* kconfig
config CONNS
	bool "conns: sockets and the processes that own them"
	default y
	help
	  Lists sockets as ss, netstat and lsof -i do, with their owners, TCP
	  figures and rates, as a table, TSV, CSV, JSON lines or shell words;
	  waits for a socket to appear. Needs no library.
	  Size: 91000 bytes
*/
/*
 * conns: sockets -> cheap half of the filter -> names, owners -> filter -> sink.
 *
 * A row is thrown out as early as its columns allow: owners are looked for only when the first row
 * passes everything that does not need them.
 */
#include <string.h>
#include <unistd.h>

#include "core/applet.h"
#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/message.h"
#include "core/run.h"
#include "core/sys/conn.h"
#include "core/sys/names.h"
#include "core/sys/owner.h"
#include "core/sys/rates.h"
#include "core/sys/sock.h"
#include "core/table/word.h"

#define INFO_COLUMNS     "rtt,minrtt,cwnd,mss,retrans,rx,tx,delivery_rate,cc"
#define MEMORY_COLUMNS   "rxq,txq,rcvbuf,sndbuf,mem,drops"
#define IDENTITY_COLUMNS "uid,inode,cookie"

struct conns_options {
	uint32_t protos;
	bool all, listening, ipv4, ipv6, info, memory, identity, habit;
};

static const struct option conns_options[] = {
	OPT_SET('t', "tcp", conns_options, protos, 1u << PROTO_TCP | 1u << PROTO_MPTCP,
	        "TCP and MPTCP sockets"),
	OPT_SET('u', "udp", conns_options, protos, 1u << PROTO_UDP | 1u << PROTO_UDPLITE,
	        "UDP and UDP-Lite sockets"),
	OPT_SET('x', "unix", conns_options, protos, 1u << PROTO_UNIX, "UNIX sockets"),
	OPT_SET('w', "raw", conns_options, protos, 1u << PROTO_RAW | 1u << PROTO_ICMP,
	        "raw and ping sockets"),
	OPT_SET('0', "packet", conns_options, protos, 1u << PROTO_PACKET, "packet sockets"),
	OPT_FLAG('4', "ipv4", conns_options, ipv4, "IPv4 only"),
	OPT_FLAG('6', "ipv6", conns_options, ipv6, "IPv6 only"),
	OPT_FLAG('l', "listening", conns_options, listening, "only listening or bound sockets"),
	OPT_FLAG('a', "all", conns_options, all, "every family, not only TCP and UDP"),
	OPT_FLAG('i', "info", conns_options, info, "add " INFO_COLUMNS),
	OPT_FLAG('m', "memory", conns_options, memory, "add " MEMORY_COLUMNS),
	OPT_FLAG('e', "extended", conns_options, identity, "add " IDENTITY_COLUMNS),
	OPT_FLAG('n', "numeric", conns_options, habit, "numbers are the default (a habit of ss's)"),
	OPT_FLAG(
	        'p', "processes", conns_options, habit, "owners are the default (a habit of ss's)"),
};

struct conns {
	struct run run;
	struct view view;
	struct world world;
	struct names *names;
	struct owners *owners;
	struct rates *rates;
	struct sock_query query;
	struct column_set cheap; /* columns that are known before owners and names */
	uint32_t needs;
	enum note_kind hidden; /* how a missing owner counts */
	uint64_t missing;      /* rows of this sample that may have an owner whom we cannot see */
	struct str via_sock;   /* what via was made from */
	struct buf via;
	const char *latest;  /* backend of the latest socket */
	struct buf backends; /* all that answered, for --stats */
};

static const char *conns_zone_name(void *context, uint32_t zone)
{
	struct conns *conns = context;

	return names_interface(conns->names, zone).ptr;
}

static void fill_names(struct conns *conns, struct conn *conn)
{
	bool udp = conn->proto == PROTO_UDP || conn->proto == PROTO_UDPLITE;

	if (conns->needs & NEED_USER && conn->uid != UINT32_MAX)
		conn->user = names_user(conns->names, conn->uid);
	if (conns->needs & NEED_IFACE && conn->ifindex && conn->ifindex != UINT32_MAX)
		conn->iface = names_interface(conns->names, conn->ifindex);
	if (!(conns->needs & NEED_SERVICE))
		return;
	if (conn->local.kind == ADDR_IPV4 || conn->local.kind == ADDR_IPV6) {
		conn->lservice = names_service(conns->names, udp, conn->local.port);
		conn->rservice = names_service(conns->names, udp, conn->remote.port);
	}
}

static void note_backend(struct conns *conns, const char *name)
{
	struct str rest = buf_view(&conns->backends), part;

	while (str_split(&rest, '+', &part))
		if (str_equal(part, str_from(name)))
			return;
	buf_format(&conns->backends, conns->backends.len ? "+%s" : "%s", name);
	conns->run.backends = conns->backends.ptr;
}

/* "netlink" becomes "netlink+procfs" where an owner was found; made anew only when the source changes. */
static void add_owner_backend(struct conns *conns, struct conn *conn)
{
	const char *backend = owners_backend(conns->owners);

	if (!backend)
		return;
	note_backend(conns, backend);
	if (!(conns->needs & NEED_BACKEND) || str_equal(conn->via, str_from(backend)))
		return;
	if (conns->via_sock.ptr != conn->via.ptr) {
		conns->via_sock = conn->via;
		buf_clear(&conns->via);
		buf_format(&conns->via, "%.*s+%s", STR_ARG(conn->via), backend);
	}
	conn->via = buf_view(&conns->via);
}

/* A socket that nobody we could see holds. It passes, or is undecided because of that: then it is missed. */
static bool take_orphan(struct conns *conns, struct conn *conn)
{
	const char *why = conn->inode ? owners_reason(conns->owners) : NULL;
	enum truth truth;

	conn->quality = !conn->inode ? QUALITY_NONE : why ? QUALITY_HIDDEN : QUALITY_UNKNOWN;
	conn->owners = conn->inode && why ? UINT32_MAX : 0;
	truth = run_test(&conns->run, conn);
	if (why && truth != TRUTH_FALSE)
		conns->missing++;
	return truth != TRUTH_TRUE || run_row(&conns->run, conn);
}

static bool take_owned(struct conns *conns, struct conn *conn)
{
	size_t count = conn->inode ? owners_count(conns->owners, conn->inode) : 0;
	const struct owner *owner;

	if (!count)
		return take_orphan(conns, conn);
	conn->owners = (uint32_t)count;
	conn->quality = QUALITY_EXACT;
	add_owner_backend(conns, conn);
	for (size_t i = 0; (owner = owners_get(conns->owners, conn->inode, i)); i++) {
		conn->process = owner->process;
		conn->fd = owner->fd;
		if (run_test(&conns->run, conn) == TRUTH_TRUE && !run_row(&conns->run, conn))
			return false;
	}
	return true;
}

static bool take_socket(void *context, struct conn *conn)
{
	struct conns *conns = context;

	if (conns->latest != conn->via.ptr) {
		conns->latest = conn->via.ptr;
		note_backend(conns, conns->latest);
	}
	if (conns->rates)
		rates_fill(conns->rates, conn);
	if (conns->run.number == 0)
		return true; /* the silent sample, for rates */
	conn->sample = conns->run.number;
	conn->time = conns->run.wall;
	if (filter_test(conns->view.filter, conn, &conns->cheap) == TRUTH_FALSE)
		return true;
	fill_names(conns, conn);
	if (conns->owners)
		return take_owned(conns, conn);
	return run_test(&conns->run, conn) != TRUTH_TRUE || run_row(&conns->run, conn);
}

static int collect(struct run *run, void *context)
{
	struct conns *conns = context;
	int error;

	world_tick(&conns->world);
	run->wall = conns->world.wall_ns;
	names_refresh(conns->names);
	if (conns->owners)
		owners_refresh(conns->owners);
	if (conns->rates)
		rates_next(conns->rates, clock_now());
	conns->missing = 0;
	error = sock_collect(&conns->query);
	if (conns->missing)
		notes_add(&run->notes, conns->hidden, conns->missing, "sockets without owner: %s",
		        owners_reason(conns->owners));
	if (names_error(conns->names))
		notes_add(&run->notes, NOTE_MISSING, 0, "names of users, services, interfaces: %s",
		        diag_errno(-names_error(conns->names)));
	return error;
}

/* The columns that the letters add, unless -o says them all anew. */
static int make_view(struct conns *conns, const struct conns_options *options,
        const struct common *common, size_t word_count, char **words)
{
	int error;

	view_init(&conns->view, &conn_schema);
	if (options->identity)
		view_add(&conns->view, IDENTITY_COLUMNS);
	if (options->memory)
		view_add(&conns->view, MEMORY_COLUMNS);
	if (options->info)
		view_add(&conns->view, INFO_COLUMNS);
	error = common_view(common, &conns->view, word_count, words, isatty(1));
	/* A bare value stays bare. */
	if (!error && common->delay_ns && conns->view.format != sink_find("value")) {
		view_prepend(&conns->view, "time");
		view_prepend(&conns->view, "sample");
	}
	return error;
}

static int check_backend(const char *name)
{
	int known = name ? word_choose("backend", name, sock_backends) : 0;

	return known < 0 ? known : 0;
}

/* What is to be collected, said to all sources before anything is read. */
static void plan(
        struct conns *conns, const struct conns_options *options, const struct common *common)
{
	struct sock_selection selection = {
		.protos = options->protos,
		.all = options->all,
		.listening = options->listening,
		.ipv4 = options->ipv4,
		.ipv6 = options->ipv6,
	};
	bool owners;

	/* Under -q only the filter is looked at. */
	conns->needs = common->quiet ? filter_needs(conns->view.filter) : view_needs(&conns->view);
	owners = conns->needs & (NEED_OWNER | NEED_PROC_ALL);
	conns->hidden = NOTE_MISSING;
	for (size_t i = 0; i < conn_schema.count; i++)
		if (column_set_has(&conns->view.named, i) &&
		        conn_schema.columns[i].needs & (NEED_OWNER | NEED_PROC_ALL))
			conns->hidden = NOTE_PARTIAL;
	conns->names = names_new(&conns->world);
	if (owners)
		conns->owners = owners_new(&conns->world, &conns->run.notes, common->backend,
		        conns->needs & NEED_PROC_ALL);
	if (conns->needs & NEED_RATES)
		conns->rates = rates_new();
	conns->cheap = schema_known(&conn_schema,
	        ~(uint32_t)(NEED_OWNER | NEED_PROC_ALL | NEED_USER | NEED_IFACE | NEED_SERVICE |
	                NEED_BACKEND));
	conns->query = (struct sock_query){
		.world = &conns->world,
		.notes = &conns->run.notes,
		.backend = common->backend,
		.needs = conns->needs | (conns->rates ? NEED_TCPINFO : 0),
		.row = take_socket,
		.context = conns,
	};
	sock_plan(&conns->query, &selection, conns->view.filter);
}

static void release(struct conns *conns)
{
	rates_free(conns->rates);
	owners_free(conns->owners);
	names_free(conns->names);
	buf_release(&conns->via);
	buf_release(&conns->backends);
	world_close(&conns->world);
	view_release(&conns->view);
}

static int run_conns(
        struct conns *conns, const struct conns_options *options, const struct common *common)
{
	int error = world_open(&conns->world, common->replay);

	if (error)
		return message_diag("conns", error);
	conns->run = (struct run){
		.name = "conns",
		.view = &conns->view,
		.common = common,
		.collect = collect,
		.context = conns,
		.zone_name = conns_zone_name,
	};
	plan(conns, options, common);
	conns->run.twice = conns->rates != NULL;
	return run_samples(&conns->run);
}

static int conns_main(int argc, char **argv);

const struct applet applet_conns = {
	.name = "conns",
	.summary = "sockets and the processes that own them",
	.usage = "[options] [filter words]",
	.examples =
	        "  conns -tln                               # who listens, on which port\n"
	        "  conns port:443 not state:listen          # connections from and to port 443\n"
	        "  conns --wait 5 lport:5432 state:listen   # return when something listens there\n",
	.options = conns_options,
	.option_count = ARRAY_COUNT(conns_options),
	.schema = &conn_schema,
	.main = conns_main,
};

/*
 * "ss -to", "ss -ton" and "ss -o -t" show timers. Here -o wants columns: it finds nothing behind it, or
 * takes ss's other letters for their names.
 */
static int wrong_usage(int error, const char *columns)
{
	bool nothing = strncmp(diag_text(), "-o needs ", 9) == 0;
	int status = message_diag("conns", error);

	if (columns[0] == '-')
		columns++;
	if (nothing || (columns[0] && !columns[strspn(columns, "tuxwanlpeimHQO046")]))
		message("conns", "ss's -o (timers) is written -o +timer,timeout here");
	return status;
}

/* Texts that are asked for instead of rows; -1 where rows are. */
static int print_text(const struct common *common, const struct option_group *groups)
{
	struct buf out = { 0 };
	int status;

	if (common->help)
		message_usage(&applet_conns, groups, 2, &out);
	else if (common->schema)
		schema_json(&conn_schema, &out);
	else if (common->columns && strcmp(common->columns, "help") == 0)
		schema_help(&conn_schema, &out);
	else
		return -1;
	status = message_print("conns", &out);
	buf_release(&out);
	return status;
}

static int conns_main(int argc, char **argv)
{
	struct conns conns = { .world = { .root = -1, .proc = -1 } };
	struct conns_options options = { 0 };
	struct common common = { 0 };
	struct option_group groups[] = {
		{ "Sockets", conns_options, ARRAY_COUNT(conns_options), &options },
		{ "Output and more", common_options, common_options_count, &common },
	};
	size_t words;
	int error, status;

	error = options_parse(groups, 2, argc, argv, &words);
	if (error)
		return wrong_usage(error, "");
	status = print_text(&common, groups);
	if (status >= 0)
		return status;
	error = check_backend(common.backend);
	if (!error)
		error = make_view(&conns, &options, &common, words, argv + 1);
	status = error ? wrong_usage(error, common.columns ? common.columns : "")
	               : run_conns(&conns, &options, &common);
	release(&conns);
	return status;
}
