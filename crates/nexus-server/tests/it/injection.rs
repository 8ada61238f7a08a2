//! What is put where a text belongs: operators of databases, lists, and fields that only the server
//! sets. S-10, with requests made from the published documents.

use nexus_client::Api;
use nexus_protocol::UserRole;
use nexus_server::{http::openapi::openapi, socket::asyncapi};
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, TestApp, request},
    wire,
};

/// An operator where a value belongs.
fn poisons() -> [Value; 6] {
    [
        json!({ "$gt": "" }),
        json!({ "$regex": "^a" }),
        json!({ "$ne": null }),
        json!({ "$where": "sleep(1000)" }),
        json!(["x"]),
        json!({ "a.b": 1 }),
    ]
}

/// Fields that a caller must not set, and keys that mean something to a database.
const EXTRA: [&str; 10] = [
    "$where",
    "a.b",
    "__proto__",
    "_id",
    "senderId",
    "seq",
    "rev",
    "createdAt",
    "passwordHash",
    "isAdmin",
];

/// A value that has the shape of the schema, with all there may be in it.
pub fn sample(schema: &Value, document: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(document.pointer(reference.strip_prefix('#').unwrap()).unwrap(), document);
    }
    for one_of in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[one_of].as_array() {
            let some = kinds.iter().find(|kind| kind["type"] != "null").unwrap();
            return sample(some, document);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap().as_str(),
        kind => kind.as_str(),
    };
    match (kind, schema["format"].as_str()) {
        (Some("string"), Some("uuid")) => json!("01966f4e-0000-7000-8000-000000000001"),
        (Some("string"), Some("date-time")) => json!("2030-01-01T00:00:00.000Z"),
        (Some("string"), _) => json!("x"),
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("array"), _) => json!([sample(&schema["items"], document)]),
        _ => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), sample(field, document))).collect()
        }
    }
}

/// Of the fields of a body that exclude each other, one at a time.
fn each_way(path: &str, good: Value) -> Vec<Value> {
    if path != "/contacts" {
        return vec![good];
    }
    let without = |name: &str| {
        let mut good = good.clone();
        good.as_object_mut().unwrap().remove(name).unwrap();
        good
    };
    vec![without("username"), without("userId")]
}

/// The places of all values that hold no others, empty maps among them.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, field)| leaves(field, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(n, item)| leaves(item, &format!("{at}/{n}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

/// Every way to spoil this value: where, and what comes of it.
fn spoiled(good: &Value) -> Vec<(String, Value)> {
    let (mut places, mut all) = (Vec::new(), Vec::new());
    leaves(good, "", &mut places);
    for place in places {
        for poison in poisons() {
            let mut bad = good.clone();
            *bad.pointer_mut(&place).unwrap() = poison.clone();
            all.push((format!("{place} = {poison}"), bad));
        }
    }
    if good.is_object() {
        for name in EXTRA.into_iter().filter(|name| good.get(*name).is_none()) {
            let mut bad = good.clone();
            bad[name] = json!("x");
            all.push((format!("{name} as well"), bad));
        }
    }
    all
}

/// How many ways to spoil the body there are, all of which the route refuses.
async fn refused_unless_good(api: &Api, method: &str, path: &str, good: &Value) -> usize {
    let method = method.to_uppercase();
    let spoiled = spoiled(good);
    let cases = spoiled.len();
    for (what, bad) in spoiled {
        let refused = request(api, &method, path, bad).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{method} {path}: {what}"));
        assert_eq!(refused.status(), Some(400), "{method} {path}: {what}: {refused}");
    }
    // And that is what they were refused for.
    let status = match request(api, &method, path, good.clone()).await {
        Ok(answer) => answer.status,
        Err(err) => err.status().unwrap(),
    };
    assert!(status != 400 && status < 500, "{method} {path}: {status} to {good}");
    cases
}

/// CVE-2021-22911: elsewhere, `$regex` in a token read out the tokens.
#[tokio::test]
async fn s10_no_operator_passes_for_a_value_in_any_body() {
    let app = TestApp::start().await;
    app.staff("ann", UserRole::Admin).await;
    let document = json!(openapi());
    let mut cases = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            // What is signed is refused for its signature, whatever else it is.
            if schema.is_null() || path.starts_with("/api/v1/webhooks/") {
                continue;
            }
            let api = app.login("ann").await.api;
            let segments = path.strip_prefix("/api/v1").unwrap().split('/');
            let segments = segments.map(|segment| match segment.starts_with('{') {
                true => "01966f4e-0000-7000-8000-000000000001",
                false => segment,
            });
            let path = segments.collect::<Vec<_>>().join("/");
            for good in each_way(&path, sample(schema, &document)) {
                cases += refused_unless_good(&api, method, &path, &good).await;
            }
        }
    }
    println!("{cases} spoiled bodies");
    assert!(cases > 300, "{cases}");
    app.stop().await;
}

#[tokio::test]
async fn s10_no_operator_passes_in_any_query() {
    let app = TestApp::start().await;
    let token = format!("Bearer {}", app.staff("ann", UserRole::Admin).await.access_token);
    let document = json!(openapi());
    let mut cases = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let named = parameters.filter(|parameter| parameter["in"] == "query");
            for name in named.map(|parameter| parameter["name"].as_str().unwrap()) {
                let path = path
                    .replace(['{', '}'], "")
                    .replace("/id", "/01966f4e-0000-7000-8000-000000000001");
                for query in ["[$ne]=", "[$gt]=", "[]=x", ".x=1", "%5B%24regex%5D=^a"] {
                    let path = format!("{path}?{name}{query}");
                    let headers = [("authorization", token.as_str())];
                    let method = method.to_uppercase();
                    let answer = wire::ask(app.host(), &method, &path, &headers, "").await;
                    assert_eq!(answer.status, 400, "{method} {path}: {}", answer.json());
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 60, "{cases}");
    app.stop().await;
}

#[tokio::test]
async fn s10_no_operator_passes_for_a_value_in_any_event() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let document = asyncapi();
    let mut cases = 0;
    for (key, operation) in document["operations"].as_object().unwrap() {
        if operation["action"] != "receive" {
            continue;
        }
        let message = &document["components"]["messages"][key];
        let event = message["name"].as_str().unwrap();
        let good = sample(&message["payload"], &document);
        let socket = ann.connect().await;
        for (what, bad) in spoiled(&good) {
            let refused = socket.call(event, &bad).await.expect_err(&what);
            let code = refused.refused().unwrap().code;
            assert_eq!(code.as_str(), "malformed", "{event}: {what}");
            cases += 1;
        }
        if let Err(err) = socket.call(event, &good).await {
            assert_ne!(err.refused().unwrap().code.as_str(), "malformed", "{event} {good}: {err}");
        }
    }
    println!("{cases} spoiled events");
    assert!(cases > 200, "{cases}");
    app.stop().await;
}

/// Where a password is a text, it is compared and nothing else.
#[tokio::test]
async fn s10_operators_as_texts_find_nobody() {
    let app = TestApp::start().await;
    app.person("ann").await;
    for text in ["{\"$gt\":\"\"}", "[$ne]=1", "' OR 1=1 --", "ann' --", "%", "_nn", "a*"] {
        for (identifier, password) in [(text, PASSWORD), ("ann", text)] {
            let login = json!({ "identifier": identifier, "password": password });
            let status = app.api.post("/auth/login", login).await.unwrap_err().status();
            assert_eq!(status, Some(401), "{text}");
        }
    }
    app.stop().await;
}
