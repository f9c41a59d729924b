//! The table: what goes wrong, at which step, and the class that it must end in.

use std::sync::LazyLock;

use crate::bomb;
use crate::http2::{INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM};
use crate::identity::Certificate;
use crate::middle::{Act, Door, Reply, Wire};
use crate::world::Tale;

/// The request that is hit.
#[derive(Clone, Copy, Debug)]
pub struct On {
    pub tale: Tale,
    /// Its number on the wire, from 1.
    pub at: usize,
    pub step: &'static str,
    /// What has counted at the provider before it.
    pub effects_before: usize,
}

impl On {
    const fn new(tale: Tale, at: usize, step: &'static str, effects_before: usize) -> Self {
        Self { tale, at, step, effects_before }
    }

    pub fn is_read(self) -> bool {
        self.step.starts_with("read")
    }
}

const READ: On = On::new(Tale::Text, 1, "read_status", 0);
const CREATE: On = On::new(Tale::Text, 2, "create", 0);
const AUTHORIZE: On = On::new(Tale::Text, 3, "authorize", 0);
const UPLOAD: On = On::new(Tale::Photo, 4, "upload", 1);
const ATTACH: On = On::new(Tale::Photo, 5, "attach", 1);
const COUNT: On = On::new(Tale::Winter, 2, "read_documents", 0);
const DETAILS: On = On::new(Tale::Winter, 3, "details", 0);
const SIDE: On = On::new(Tale::Winter, 4, "side", 1);

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// This is done to the request.
    Act(Act),
    /// Every connection from the request on meets this.
    Door(Door),
    /// Every connection meets this.
    FirstDoor(Door),
    /// The provider is looked for where it is not.
    Address(String),
}

/// How it goes on once the network behaves.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// By itself, to the end of the story.
    Delivered,
    /// The same after "send now": a page that refused was perhaps not the provider's word.
    SendNow,
    /// The same after the key was given again, and not before.
    NewKey,
    /// A person is told this.
    Person(&'static str),
}

#[derive(Clone, Debug)]
pub struct Case {
    pub name: &'static str,
    pub wires: &'static [Wire],
    pub on: On,
    pub wrong: Wrong,
    /// Nobody waits long for this one.
    pub hasty: bool,
    /// In the words of the table of answers.
    pub class: &'static str,
    /// The outbox's code of why it waits.
    pub why: &'static str,
    /// Why the whole connection is set aside in the outbox.
    pub paused: &'static str,
    /// Whole requests of this step that came past the app.
    pub seen: usize,
    /// Effects of this step at the provider, when the class is known.
    pub effects: usize,
    /// The next try lies between these seconds ahead.
    pub waits_s: Option<(i64, i64)>,
    /// No body that came in was larger.
    pub body_bytes_max: Option<usize>,
    pub end: End,
}

impl Case {
    fn new(name: &'static str, on: On, wrong: Wrong, class: &'static str) -> Self {
        Self {
            name,
            wires: &[Wire::Plain, Wire::Tls2],
            on,
            wrong,
            hasty: false,
            class,
            why: "answer_lost",
            paused: "",
            seen: 1,
            effects: 0,
            waits_s: None,
            body_bytes_max: None,
            end: End::Delivered,
        }
    }

    /// A step that the provider may have taken, told by nobody.
    fn broken(name: &'static str, on: On, act: Act) -> Self {
        Self::new(name, on, Wrong::Act(act), "ambiguous: broken")
    }

    /// Somebody else answers in the provider's place.
    fn foreign(name: &'static str, on: On, act: Act) -> Self {
        let case = Self::new(name, on, Wrong::Act(act), "ambiguous: foreign");
        Self { paused: "intercepted", ..case }
    }

    /// The provider, or who stands before it, has trouble.
    fn trouble(name: &'static str, on: On, reply: Reply) -> Self {
        Self::new(name, on, Wrong::Act(Act::Answer(reply)), "ambiguous: server fault")
    }

    /// Nothing left.
    fn not_sent(name: &'static str, on: On, wrong: Wrong, class: &'static str) -> Self {
        let case = Self::new(name, on, wrong, class);
        Self { wires: &[Wire::Tls1, Wire::Tls2], why: "no_network", seen: 0, ..case }
    }

    fn intercepted(name: &'static str, on: On, door: Door, class: &'static str) -> Self {
        let case = Self::not_sent(name, on, Wrong::Door(door), class);
        Self { why: "intercepted", paused: "intercepted", ..case }
    }

    /// The provider's own word, which will not change.
    fn answered(name: &'static str, on: On, reply: Reply, class: &'static str) -> Self {
        Self::new(name, on, Wrong::Act(Act::Answer(reply)), class)
    }

    fn wires(self, wires: &'static [Wire]) -> Self {
        Self { wires, ..self }
    }

    fn hasty(self) -> Self {
        Self { hasty: true, ..self }
    }

    /// The request came to the provider, which did it.
    fn counts(self) -> Self {
        Self { effects: 1, ..self }
    }

    /// No whole request came.
    fn unseen(self) -> Self {
        Self { seen: 0, ..self }
    }

    fn credentials(self, end: End) -> Self {
        Self { why: "credentials", paused: "credentials", end, ..self }
    }

    fn person(self, code: &'static str) -> Self {
        Self { why: "person", end: End::Person(code), ..self }
    }

    /// Refused, and yet perhaps counted before: the provider's state is asked for first.
    fn person_after_a_look_up(self, code: &'static str) -> Self {
        Self { end: End::Person(code), ..self }
    }

    fn throttled(self, least_s: i64, most_s: i64) -> Self {
        Self { why: "throttled", waits_s: Some((least_s, most_s)), ..self }
    }

    /// Whether the app goes on at once, so that nothing is shown for long.
    pub fn goes_on(&self) -> bool {
        self.why == "-"
    }

    /// What the outbox shows.
    pub fn shown(&self) -> String {
        match self.paused {
            "" => self.why.to_owned(),
            paused => format!("{} [{paused}]", self.why),
        }
    }
}

const PLAIN: &[Wire] = &[Wire::Plain];
const HTTP1: &[Wire] = &[Wire::Plain, Wire::Tls1];
const HTTP2: &[Wire] = &[Wire::Tls2];
const EVERY: &[Wire] = &[Wire::Plain, Wire::Tls1, Wire::Tls2];

/// Nobody listens there: the port of nothing.
const NOWHERE: &str = "https://127.0.0.1:1";

/// All cases.
pub fn cases() -> Vec<Case> {
    [nothing_left(), pages(), refusals(), waits(), trouble(), shapes(), breaks(), http2_only()]
        .concat()
}

fn nothing_left() -> Vec<Case> {
    let no_name = format!("https://{}.invalid", "x".repeat(70));
    let address = |address: &str| Wrong::Address(address.to_owned());
    let shows = Door::Shows;
    vec![
        Case::not_sent("connection refused", READ, address(NOWHERE), "not sent: network")
            .ends_with_new_address(),
        Case::not_sent("name without address", READ, address(&no_name), "not sent: network")
            .ends_with_new_address(),
        Case::not_sent("reset in the handshake", AUTHORIZE, door(Door::Reset), "not sent: network"),
        Case::not_sent("no TLS at all", AUTHORIZE, door(Door::Noise), "not sent: network"),
        Case::not_sent("mute handshake", AUTHORIZE, door(Door::Mute), "not sent: network").hasty(),
        Case::not_sent("reset at the first read", READ, Wrong::FirstDoor(Door::Reset), NETWORK),
        Case::intercepted(
            "certificate of another name",
            AUTHORIZE,
            shows(Certificate::OtherName),
            "not sent: intercepted",
        ),
        Case::intercepted(
            "certificate of an unknown issuer",
            AUTHORIZE,
            shows(Certificate::OtherIssuer),
            "not sent: intercepted",
        ),
        Case::intercepted(
            "certificate expired, our clock agrees",
            AUTHORIZE,
            shows(Certificate::Expired),
            "not sent: certificate time",
        ),
        Case::intercepted(
            "certificate not yet valid, our clock agrees",
            AUTHORIZE,
            shows(Certificate::NotYetValid),
            "not sent: certificate time",
        ),
        Case::intercepted("proxy wants a sign-in", CREATE, Door::SignIn, "not sent: proxy")
            .wires(&[Wire::Proxied]),
        Case::intercepted("proxy wants a sign-in late", AUTHORIZE, Door::SignIn, "not sent: proxy")
            .wires(&[Wire::Proxied]),
    ]
}

const NETWORK: &str = "not sent: network";

fn door(door: Door) -> Wrong {
    Wrong::Door(door)
}

fn pages() -> Vec<Case> {
    let page = |status| Act::Answer(Reply::page(status));
    let moved = || Act::Answer(Reply::page(302).with("location", "http://portal.invalid/login"));
    let old = Reply::page(200).with("date", "Thu, 01 Jan 1998 00:00:00 GMT");
    let late = Reply::page(200).with("date", "Sun, 01 Jan 2040 00:00:00 GMT");
    vec![
        Case::foreign("portal 200 for a read", READ, page(200)).class_of_a_read(),
        Case::foreign("portal 200 for create", CREATE, page(200)),
        Case::foreign("portal 200 for authorize", AUTHORIZE, page(200)).wires(EVERY),
        Case::foreign("portal 302", AUTHORIZE, moved()),
        Case::foreign("portal 511", AUTHORIZE, page(511)),
        Case::foreign("portal 200 for a photo", UPLOAD, page(200)),
        Case::foreign("portal 200 for attach", ATTACH, page(200)),
        Case::foreign("portal 200 for Winter's details", DETAILS, page(200)),
        Case::foreign("portal 302 for Winter's side", SIDE, moved()),
        Case::foreign("portal 511 for Winter's side", SIDE, page(511)),
        Case::foreign("portal with a date years ago", AUTHORIZE, Act::Answer(old)),
        Case::foreign("portal with a date years ahead", AUTHORIZE, Act::Answer(late)),
        Case::foreign("page 404", AUTHORIZE, page(404)),
        Case::foreign("page after the provider did it", AUTHORIZE, Act::Replace(Reply::page(200)))
            .counts(),
    ]
}

fn wepay_error(status: u16, code: u32) -> Reply {
    let body =
        format!("{{\"error\":\"error\",\"error_description\":\"words\",\"error_code\":{code}}}");
    Reply::json(status, &body)
}

fn refusals() -> Vec<Case> {
    let by_page = |name, status, class| {
        Case::answered(name, AUTHORIZE, Reply::page(status), class).credentials(End::SendNow)
    };
    let by_provider =
        |name, on, reply, class| Case::answered(name, on, reply, class).credentials(End::NewKey);
    let empty = |status| Reply::json(status, "{}");
    vec![
        by_page("page 401", 401, "credentials or network (401)"),
        by_page("page 403", 403, "credentials or network (403)"),
        by_provider("JSON 401 without a code", AUTHORIZE, empty(401), "credentials (401)"),
        by_provider("JSON 403 without a code", CREATE, empty(403), "credentials (403)"),
        by_provider("1006", CREATE, wepay_error(401, 1006), "credentials (1006)"),
        by_provider("1011", AUTHORIZE, wepay_error(401, 1011), "credentials (1011)"),
        by_provider("Winter 401", DETAILS, empty(401), "credentials (401)"),
        Case::answered(
            "3002 as a 401",
            AUTHORIZE,
            wepay_error(401, 3002),
            "definite: account (3002)",
        )
        .person("account_refused"),
        Case::answered(
            "1001 as a 501",
            AUTHORIZE,
            wepay_error(501, 1001),
            "definite: configuration (1001)",
        )
        .person("configuration_refused"),
        Case::answered("1003 as a 500", CREATE, wepay_error(500, 1003), "definite: invalid (1003)")
            .person("refused_answers"),
        Case::answered("413 for a photo", UPLOAD, Reply::page(413), "definite: too large (413)")
            .person("photo_too_large"),
        Case::answered("Winter 413", SIDE, Reply::page(413), "definite: too large (413)")
            .person("photo_too_large"),
        Case::answered("400 without a code", AUTHORIZE, empty(400), "definite: unexplained (400)")
            .person_after_a_look_up("refused_unexplained"),
        Case::answered(
            "Winter 400 on details",
            DETAILS,
            Reply::json(400, ""),
            "definite: unexplained (400)",
        )
        .person("refused_unexplained"),
        Case::answered(
            "Winter 400 on a side",
            SIDE,
            Reply::json(400, ""),
            "definite: unexplained (400)",
        )
        .person("refused_unexplained"),
        Case::answered("Winter 400 on documents", COUNT, Reply::json(400, ""), "(a read)")
            .settles_by_itself(),
        Case::answered(
            "3011 for attach",
            ATTACH,
            wepay_error(400, 3011),
            "definite: files gone (3011)",
        )
        .settles_by_itself(),
    ]
}

fn waits() -> Vec<Case> {
    let words = |status, after: &str| Reply::json(status, "{}").with("retry-after", after);
    let dated =
        words(429, "Sun, 06 Nov 1994 08:50:07 GMT").with("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let throttled = |name, on, reply, class| Case::answered(name, on, reply, class);
    vec![
        throttled("429", AUTHORIZE, Reply::json(429, "{}"), "not done").throttled(10, 15),
        throttled("429 as a page", CREATE, Reply::page(429), "not done").throttled(10, 15),
        throttled("429 with seconds", AUTHORIZE, words(429, "17"), "not done: wait 17 s")
            .throttled(17, 26),
        throttled("429 with a date", AUTHORIZE, dated, "not done: wait 30 s").throttled(30, 45),
        throttled("429 with days", AUTHORIZE, words(429, "999999"), "not done: wait 3600 s")
            .throttled(3600, 5400),
        throttled("1007 as a 429", AUTHORIZE, wepay_error(429, 1007), "not done").throttled(10, 15),
        throttled(
            "1007 as a 500 with seconds",
            CREATE,
            wepay_error(500, 1007).with("retry-after", "20"),
            "not done: wait 20 s",
        )
        .throttled(20, 30),
        throttled("Winter 429", SIDE, words(429, "12"), "not done: wait 12 s").throttled(12, 18),
    ]
}

fn trouble() -> Vec<Case> {
    let busy = Reply::page(503).with("retry-after", "5");
    vec![
        Case::trouble("408", AUTHORIZE, Reply::json(408, "")),
        Case::trouble("500 without a code", AUTHORIZE, Reply::json(500, "{}")).wires(EVERY),
        Case::trouble("500 without a body", CREATE, Reply::json(500, "")),
        Case::trouble("page 502", AUTHORIZE, Reply::page(502)),
        Case::trouble("page 503 with seconds", UPLOAD, busy),
        Case::trouble("504 for attach", ATTACH, Reply::json(504, "")),
        Case::trouble("Winter 500", SIDE, Reply::json(500, "")),
        Case::new(
            "500 after the provider did it",
            AUTHORIZE,
            Wrong::Act(Act::Replace(Reply::json(500, ""))),
            "ambiguous: server fault",
        )
        .counts(),
        Case::answered("1008", AUTHORIZE, wepay_error(500, 1008), "ambiguous: unexpected"),
        Case::answered(
            "500 with a new code",
            AUTHORIZE,
            wepay_error(500, 1999),
            "ambiguous: unexpected",
        ),
    ]
}

static GZIP: LazyLock<Vec<u8>> = LazyLock::new(|| bomb::gzip("{\"kyc_id\":77}"));
static ZLIB: LazyLock<Vec<u8>> = LazyLock::new(|| bomb::zlib("{\"kyc_id\":77}"));

fn shapes() -> Vec<Case> {
    let json = |body: &str| Act::Answer(Reply::json(200, body));
    let other = "{\"account_id\":5091778699,\"state\":\"verified\"}";
    let packed = |name, encoding, bytes: &[u8]| {
        let reply = Reply::json(200, "").with("content-encoding", encoding);
        let case =
            Case::foreign(name, CREATE, Act::Answer(Reply { body: bytes.to_vec(), ..reply }));
        Case { body_bytes_max: Some(bytes.len()), ..case }
    };
    let long = format!("{{\"kyc_id\":77,\"pad\":\"{}\"}}", "x".repeat(3 << 19));
    let cut = Reply { missing_bytes: 9, ..Reply::json(200, "{\"kyc_id\":77}") };
    let many_headers = (0..2000).fold(Reply::json(200, "{}"), |reply, number| {
        reply.with(&format!("x-header-{number}"), &"y".repeat(300))
    });
    vec![
        Case::foreign("200 with a list", AUTHORIZE, json("[]")),
        Case::foreign("200 with another shape", AUTHORIZE, json("{\"kyc\":{\"id\":1}}")),
        Case::foreign("200 with half of a JSON", CREATE, json("{\"kyc_id\":7")),
        Case::foreign("200 without a body", CREATE, json("")),
        Case::foreign("200 with a text for a number", UPLOAD, json("{\"file_id\":\"none\"}")),
        Case::foreign("200 of another account", AUTHORIZE, json(other)),
        Case::foreign(
            "200 of another account, after the provider did it",
            AUTHORIZE,
            Act::Replace(Reply::json(200, other)),
        )
        .counts(),
        Case::foreign("204", AUTHORIZE, Act::Answer(Reply::json(204, ""))).wires(HTTP2),
        Case::foreign("1.5 MB of JSON", CREATE, json(&long)),
        packed("a gzip bomb", "gzip", &GZIP),
        packed("a deflate bomb", "deflate", &ZLIB),
        Case::new(
            "Winter 200 in its own words",
            SIDE,
            Wrong::Act(Act::Replace(Reply::new(200, "text/plain", "stored, thank you"))),
            "done",
        )
        .counts()
        .settles_by_itself(),
        Case::broken("a body shorter than it says", CREATE, Act::Answer(cut)).wires(EVERY),
        Case::broken("chunks without an end", AUTHORIZE, Act::EndAnswer(200)).counts(),
        Case::broken("a body without end", AUTHORIZE, Act::Endless { chunked: false }).wires(HTTP1),
        Case::broken("chunks forever", CREATE, Act::Endless { chunked: true }).wires(HTTP1),
        Case::broken("600 KB of headers", CREATE, Act::Answer(many_headers)),
        Case::broken("no HTTP", AUTHORIZE, Act::Garbage).wires(HTTP1),
    ]
}

fn breaks() -> Vec<Case> {
    let cut = Act::CutRequest;
    vec![
        Case::broken("reset in the request", AUTHORIZE, cut(120)).wires(EVERY).unseen(),
        Case::broken("reset in create", CREATE, cut(300)).unseen(),
        Case::broken("reset in a photo", UPLOAD, cut(20_000)).wires(EVERY).unseen(),
        Case::broken("reset in attach", ATTACH, cut(100)).unseen(),
        Case::broken("reset in Winter's details", DETAILS, cut(200)).unseen(),
        Case::broken("reset in Winter's side", SIDE, cut(50_000)).unseen(),
        Case::broken("reset after the request", AUTHORIZE, Act::CutAnswer(0)).wires(EVERY).counts(),
        Case::broken("reset after create", CREATE, Act::CutAnswer(0)),
        Case::broken("reset after a photo", UPLOAD, Act::CutAnswer(0)),
        Case::broken("reset after attach", ATTACH, Act::CutAnswer(0)).counts(),
        Case::broken("reset after Winter's details", DETAILS, Act::CutAnswer(0)).counts(),
        Case::broken("reset after Winter's side", SIDE, Act::CutAnswer(0)).counts(),
        Case::broken("reset in the answer", AUTHORIZE, Act::CutAnswer(40)).wires(EVERY).counts(),
        Case::broken("hung up without an answer", AUTHORIZE, Act::EndAnswer(0))
            .wires(EVERY)
            .counts(),
        Case::broken("silence", AUTHORIZE, Act::Silence { passed: false }).hasty(),
        Case::broken("silence after the provider did it", ATTACH, Act::Silence { passed: true })
            .hasty()
            .counts(),
        Case::broken("slow-loris head", AUTHORIZE, Act::TrickleHead).hasty().wires(EVERY).counts(),
        Case::broken("slow-loris body", AUTHORIZE, Act::TrickleBody).hasty().wires(EVERY).counts(),
    ]
}

fn http2_only() -> Vec<Case> {
    let go_away = |last, code, passed| Act::GoAway { last, code, passed };
    let reset = |code, passed| Act::ResetStream { code, passed };
    let case = |name, on, act| Case::broken(name, on, act).wires(HTTP2);
    vec![
        case("GOAWAY below our stream", AUTHORIZE, go_away(0, NO_ERROR, false)),
        case("GOAWAY below our create", CREATE, go_away(0, NO_ERROR, false)),
        case("GOAWAY that lies", AUTHORIZE, go_away(0, NO_ERROR, true)).counts(),
        case("GOAWAY with an error", AUTHORIZE, go_away(0, INTERNAL_ERROR, true)).counts(),
        case("REFUSED_STREAM", AUTHORIZE, reset(REFUSED_STREAM, false)),
        case("REFUSED_STREAM for a photo", UPLOAD, reset(REFUSED_STREAM, false)),
        case("REFUSED_STREAM that lies", ATTACH, reset(REFUSED_STREAM, true)).counts(),
        case("the stream reset with an error", AUTHORIZE, reset(INTERNAL_ERROR, true)).counts(),
        Case::new(
            "GOAWAY above our stream, then the answer",
            AUTHORIZE,
            Wrong::Act(go_away(u32::MAX >> 1, NO_ERROR, true)),
            "done",
        )
        .wires(HTTP2)
        .counts()
        .settles_by_itself(),
    ]
}

impl Case {
    /// Nothing is shown that waits for anybody: the app goes on at once.
    fn settles_by_itself(self) -> Self {
        Self { why: "-", ..self }
    }

    fn class_of_a_read(self) -> Self {
        Self { class: "(a read)", why: "intercepted", ..self }
    }

    /// A person gives the right address.
    fn ends_with_new_address(self) -> Self {
        Self { wires: PLAIN, ..self }
    }
}
