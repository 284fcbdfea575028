package archtest

// module is the path of this module; packages below are named without it.
const module = "orrery"

// A row says what one package may import of this module. A name that ends in "/..." stands for the package and all below
// it. Test files are free: a test may use the real thing from above.
type row struct {
	pkg string
	may []string
	why string
}

// diagram is architecture.md §3, bottom up. The row with the longest matching name counts.
var diagram = []row{
	{"internal/...", []string{"internal/..."},
		"internal holds mechanisms without domain knowledge; they know nothing of what they serve"},
	{"fixtures", nil,
		"fixtures are documents and how to read them, nothing else"},
	{"federation/vocab", nil,
		"vocab is ActivityStreams as it is on the wire; it knows neither social nor HTTP"},
	{"federation/rules", nil,
		"rules is one table of sentences that everybody may read, so it reads nobody"},
	{"federation/policy", []string{"federation/rules"},
		"policies are pure functions of plain data; they name rules and know nothing else"},
	{"federation/observe", []string{"federation/rules"},
		"observe is the seam to the log: replace it by nothing and federation must still work"},
	{"scenarios/play", nil,
		"the scenario language is a leaf: it is parsed and checked without a lab"},

	{"social/richtext", nil,
		"post text is a leaf: pure functions of strings"},
	{"social/media", nil,
		"pictures and films are a leaf: bytes in, harmless bytes out"},
	{"social", []string{"social/richtext", "social/media", "internal/memory"},
		"the domain knows people, posts and follows; no protocol, no SQL, no HTTP"},
	{"social/socialtest", []string{"social", "social/richtext"},
		"named views for goldens are social and nothing else"},

	{"federation/signature", []string{"federation/observe", "federation/rules"},
		"signatures are judged on bytes and keys; fetching keys is done by who asks"},
	{"federation/fetch", []string{"federation/signature", "federation/vocab", "federation/observe", "federation/rules",
		"federation/policy", "internal/..."},
		"fetch gets documents and knows no social: what they mean is ingest's business"},
	{"federation/work", []string{"federation/observe", "federation/rules", "internal/jobs"},
		"work is what inbox, outbox and pull leave to each other: kinds of jobs and what they carry"},
	{"federation/translate", []string{"federation/vocab", "federation/policy", "social", "social/richtext"},
		"translate is pure: the only place where social and vocab meet"},
	{"federation/ingest", []string{"federation/fetch", "federation/translate", "federation/policy", "federation/observe",
		"federation/rules", "federation/vocab", "federation/signature", "federation/work", "social", "social/richtext", "internal/jobs"},
		"ingest is the one road in, for what was delivered and what was fetched alike"},
	{"federation/hosts", []string{"federation/observe", "federation/rules", "social"},
		"hosts counts how servers take what is sent to them; inbox and outbox both tell it, and do not know each other"},
	{"federation/followers", []string{"federation/signature"},
		"followers is arithmetic on ids and one header; who asks, compares and keeps is elsewhere"},
	{"federation/inbox", []string{"federation/followers", "federation/hosts", "federation/ingest", "federation/signature", "federation/policy", "federation/observe",
		"federation/rules", "federation/vocab", "federation/fetch", "federation/translate", "federation/work", "social", "internal/jobs"},
		"inbox decides what arrived; it never answers by itself: social emits an event, and outbox says it"},
	{"federation/pull", []string{"federation/followers", "federation/ingest", "federation/fetch", "federation/policy", "federation/observe",
		"federation/rules", "federation/vocab", "federation/translate", "federation/work", "social", "internal/jobs", "internal/linkcard"},
		"pull goes and gets; what it got goes through ingest, so a post means the same however it came"},
	{"federation/outbox", []string{"federation/followers", "federation/hosts", "federation/translate", "federation/signature", "federation/policy", "federation/observe",
		"federation/rules", "federation/vocab", "federation/fetch", "federation/work", "social", "internal/jobs"},
		"outbox says what social decided; it never learns of it from inbox"},

	{"activitylog", []string{"federation/observe", "federation/rules"},
		"the log keeps facts that federation announces; it does not know what federation did"},
	{"activitylog/knowledge", []string{"activitylog", "federation/observe", "federation/rules"},
		"who knows what and why is a reading of the log; it asks no instance and tries nothing out"},
	{"activitylog/kept", []string{"activitylog", "activitylog/knowledge"},
		"what stays of a run is a row and its log; it knows neither scripts nor databases"},
	{"storage", []string{"social", "activitylog", "activitylog/kept", "federation/observe", "internal/...", "storage/sqldb", "storage/migrations"},
		"storage keeps what social and the log declare; federation's small stores use plain types"},
	{"storage/sqldb", []string{"internal/..."},
		"sqldb is two engines behind one interface and knows no table"},
	{"storage/files/...", []string{"social", "storage/files"},
		"files keep bytes under keys and know no database"},
	{"storage/migrations", nil,
		"migrations are embedded files"},
	{"storage/storagetest/prepared", []string{"storage", "storage/storagetest"},
		"databases for tests that have the newest schema already"},
	{"storage/storagetest", []string{"storage", "storage/sqldb", "internal/..."},
		"storagetest opens databases for tests"},
	{"clientapi", []string{"social", "social/richtext", "internal/memory"},
		"client entities are pure functions of social's views, so scenarios can drive other software with them"},
	{"views/...", []string{"views/...", "social", "social/richtext", "activitylog", "activitylog/knowledge", "federation/rules"},
		"a template takes a view and draws it"},

	{"server", append([]string{"server/..."}, belowServer...),
		"one instance never knows that it is in a lab or watched"},
	{"server/api", belowServer, "handlers parse, call and render; they meet in server, not in one another"},
	{"server/files", belowServer, "handlers parse, call and render; they meet in server, not in one another"},
	{"server/oauth", belowServer, "handlers parse, call and render; they meet in server, not in one another"},
	{"server/activitypub", belowServer, "handlers parse, call and render; they meet in server, not in one another"},
	{"server/web", belowServer, "handlers parse, call and render; they meet in server, not in one another"},
	{"server/stream", belowServer, "handlers parse, call and render; they meet in server, not in one another"},

	{"lab", []string{"server", "activitylog", "storage", "storage/files", "storage/sqldb", "social", "federation/policy", "federation/observe",
		"federation/rules", "views", "clientapi", "internal/..."},
		"a lab runs instances from outside; it does not reach into their protocol"},
	{"scenarios", []string{"lab", "internal/clock", "clientapi", "activitylog", "activitylog/knowledge", "scenarios/play", "federation/policy", "federation/rules", "federation/observe"},
		"a scenario acts as people do, through the client API, and judges by the log"},
	{"scenarios/runs", []string{"scenarios", "scenarios/play", "activitylog/kept", "internal/clock"},
		"runs for visitors are scenarios with limits and a queue; what comes of them is kept, and shown elsewhere"},
	{"observatory", []string{"scenarios", "scenarios/play", "scenarios/runs", "activitylog/kept", "federation/policy", "lab", "activitylog", "activitylog/knowledge", "views/...", "social", "federation/rules", "internal/..."},
		"the observatory shows what was recorded; it takes no part in it"},
	{"bench", nil,
		"benchmarks are tests: what they measure they import there, and nothing is shipped"},
	{"cmd/...", []string{"..."},
		"cmd puts everything together"},
}

// belowServer is everything at L2 or below.
var belowServer = []string{"social", "social/richtext", "social/media", "federation/...", "storage", "storage/sqldb", "clientapi", "views/...",
	"activitylog", "internal/..."}

// testSupport is code that lives in ordinary files but is for tests: only tests and test support may import it, and it
// may read clock and environment.
var testSupport = []string{"internal/golden", "internal/archtest", "storage/storagetest", "storage/storagetest/prepared", "social/socialtest"}

// A home says where a third-party module may be imported, so that leaving it means changing one place.
type home struct {
	module string
	in     []string
	why    string
}

var homes = []home{
	{"github.com/gofiber/fiber/v2", []string{"server/...", "observatory", "internal/sse", "internal/clientip", "lab", "cmd/orrery"},
		"the transport stays replaceable: domain and protocol take plain values, not a fiber.Ctx"},
	{"github.com/valyala/fasthttp", []string{"server/...", "observatory", "internal/sse", "lab", "cmd/orrery"},
		"the transport stays replaceable: domain and protocol take plain values"},
	{"github.com/fasthttp/websocket", []string{"server/stream"}, "WebSockets are one way to watch, and server/stream's"},
	{"github.com/go-fed/httpsig", []string{"federation/signature"},
		"its gaps are known and covered in one place"},
	{"filippo.io/mldsa", []string{"federation/signature"}, "it is here until Go's own library has it"},
	{"github.com/jackc/pgx/v5", []string{"storage/..."}, "the two engines differ in storage and nowhere else"},
	{"modernc.org/sqlite", []string{"storage/..."}, "the two engines differ in storage and nowhere else"},
	{"github.com/pressly/goose/v3", []string{"storage/..."}, "migrations are run by storage"},
	{"github.com/a-h/templ", []string{"views/...", "server/web", "observatory"}, "HTML is drawn by views and rendered by pages"},
	{"github.com/tmaxmax/go-sse", []string{"internal/sse"}, "framing of events is internal/sse's"},
	{"github.com/minio/minio-go/v7", []string{"storage/files/s3"}, "a bucket is one of the places for media, and nobody else's business"},
	{"github.com/microcosm-cc/bluemonday", []string{"social/richtext"}, "foreign HTML is sanitised once, in richtext"},
}

// A ban keeps a name of the standard library out of packages where it would do harm.
type ban struct {
	pkg   string   // import path
	names []string // nil bans the import itself
	in    []string // packages concerned; nil is all
	not   []string // packages excepted, test support apart
	why   string
}

var bans = []ban{
	{"time", []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"},
		nil, []string{"cmd/...", "internal/clock"}, "time comes in as a field, so that a lab can move it"},
	{"net/http", []string{"DefaultClient", "DefaultTransport", "DefaultServeMux", "Get", "Head", "Post", "PostForm"},
		nil, []string{"cmd/..."}, "the network comes in as a field: instances of a lab have one of their own"},
	{"log/slog", []string{"Default", "SetDefault", "Debug", "DebugContext", "Info", "InfoContext", "Warn", "WarnContext",
		"Error", "ErrorContext", "Log", "LogAttrs", "With"},
		nil, []string{"cmd/..."}, "the logger comes in as a field, so that each instance signs its lines"},
	{"os", []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"},
		nil, []string{"cmd/..."}, "only cmd reads the environment; everything else gets fields"},

	{"net/http", nil, []string{"federation/ingest", "federation/translate", "social/...", "storage/..."}, nil,
		"no network inside a transaction: what can hold one does not know HTTP (contracts.md 14)"},
	{"net/http", []string{"Client", "Transport", "RoundTripper", "Request", "NewRequest", "NewRequestWithContext", "Response"},
		[]string{"federation/inbox"}, nil,
		"no network inside a transaction: inbox takes the status codes of net/http and nothing else (contracts.md 14)"},
}

// sqlHome is where strings that begin like statements may stand.
const sqlHome = "storage/..."

// sqlStarts are matched with white space after them, as capital words at the start of a string.
var sqlStarts = []string{"SELECT", "INSERT", "UPDATE", "DELETE FROM", "WITH RECURSIVE"}
