//! Who may do what under `/admin`, made from the published routes and the table of rights.

use nexus_client::Api;
use nexus_core::staff::POWERS;
use nexus_protocol::UserRole;
use nexus_server::http::openapi::openapi;
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, TestApp, refusal, request},
    injection::sample,
};

/// A route with all its ids made up, and what its document says of it.
struct Route {
    method: String,
    path: String,
    /// With all there may be in it.
    body: Value,
    least: UserRole,
    takes_step_up: bool,
}

fn routes() -> Vec<Route> {
    let document = json!(openapi());
    let paths = document["paths"].as_object().unwrap();
    let mut found = Vec::new();
    for (path, item) in paths.iter().filter(|(path, _)| path.contains("/admin/")) {
        for (method, operation) in item.as_object().unwrap() {
            let least = serde_json::from_value(operation["x-least-role"].clone());
            let takes_step_up = operation["x-takes-step-up"].as_bool();
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let path = path.strip_prefix("/api/v1").unwrap();
            found.push(Route {
                least: least.unwrap_or_else(|_| panic!("{method} {path} names no role")),
                takes_step_up: takes_step_up.unwrap_or_else(|| panic!("{method} {path}")),
                body: if schema.is_null() { json!({}) } else { sample(schema, &document) },
                method: method.to_uppercase(),
                path: path.replace("{id}", &uuid::Uuid::nil().to_string()),
            });
        }
    }
    found
}

async fn refused(api: &Api, route: &Route) -> Option<(u16, String)> {
    match request(api, &route.method, &route.path, route.body.clone()).await {
        Ok(_) => None,
        refused => Some(refusal(refused)),
    }
}

#[tokio::test]
async fn each_admin_route_is_for_whom_the_table_of_rights_says() {
    let app = TestApp::start().await;
    let plain = app.person("plain").await;
    plain.api.post("/auth/step-up", json!({ "password": PASSWORD })).await.unwrap();
    let mut staff = Vec::new();
    for (name, role) in [("moderator", UserRole::Moderator), ("admin", UserRole::Admin)] {
        staff.push((role, true, app.staff(name, role).await.api));
        staff.push((role, false, app.login(name).await.api));
    }
    let routes = routes();
    assert!(routes.len() > 15, "{}", routes.len());
    for route in &routes {
        let what = format!("{} {}", route.method, route.path);
        assert_eq!(refused(&app.api, route).await.unwrap().0, 401, "{what} signed out");
        let to_users = refused(&plain.api, route).await.unwrap();
        assert_eq!(to_users, (404, "not_found".to_owned()), "{what} as a user");
        for (role, stepped_up, api) in &staff {
            let expected = match () {
                () if *role < route.least => Some("forbidden"),
                () if route.takes_step_up && !stepped_up => Some("step_up_required"),
                // Past the door; what it asks for is made up.
                () => None,
            };
            let (status, code) = refused(api, route).await.unwrap_or_default();
            let what = format!("{what} as {role:?}, stepped up: {stepped_up}: {status} {code}");
            match expected {
                Some(expected) => assert_eq!((status, code.as_str()), (403, expected), "{what}"),
                None => assert!(![401, 403].contains(&status) && status < 500, "{what}"),
            }
        }
    }
    // No row is for nothing, and each combination that the table knows is tried above.
    for (power, least, _) in POWERS {
        let rows = (*least, power.takes_step_up());
        assert!(routes.iter().any(|route| (route.least, route.takes_step_up) == rows), "{power:?}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_step_up_lasts_some_minutes_and_counts_for_one_session() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let ban = |id| format!("/admin/users/{id}/ban");
    let spam = json!({ "reason": "spam" });
    let other = app.login("admin").await;
    let refused = refusal(other.api.post(&ban(ann.id), &spam).await);
    assert_eq!(refused, (403, "step_up_required".to_owned()));
    admin.api.post(&ban(ann.id), &spam).await.unwrap();
    app.clock.advance(std::time::Duration::from_secs(601));
    assert_eq!(refusal(admin.api.post(&ban(bob.id), &spam).await).1, "step_up_required");
    // Looking takes none, nor does a report with nothing in it.
    admin.api.get("/admin/audit").await.unwrap();
    bob.api.post("/reports", json!({ "userId": ann.id, "reason": "spam" })).await.unwrap();
    let open = admin.api.get("/admin/reports?state=open").await.unwrap().body;
    let resolve = format!("/admin/reports/{}/resolve", open["reports"][0]["id"].as_str().unwrap());
    let sweep = json!({ "action": "sweep" });
    assert_eq!(refusal(admin.api.post(&resolve, &sweep).await).1, "step_up_required");
    admin.api.post(&resolve, json!({ "action": "dismiss" })).await.unwrap();
    app.stop().await;
}
