//! PostgreSQL ends connections, as a restart does: nobody who asks notices.

use crate::http::post;
use crate::program::Home;

#[test]
fn requests_after_lost_connections_are_answered() {
    for home in Home::each() {
        // SQLite has no connections to lose.
        let Some(url) = &home.database_url else { continue };
        let mut server = home.serve();
        let token = server.first_token();
        let mut database = postgres::Client::connect(url, postgres::NoTls).unwrap();
        for round in 0..3 {
            let ended = database
                .execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                    &[],
                )
                .unwrap();
            assert!(ended >= 4, "{ended} connections");
            // As many as reach each of the connections in turn.
            for number in 0..40 {
                let create = format!(r#"{{"name": "{round}-{number}"}}"#);
                let made = post(server.address, "/api/2.0/mlflow/experiments/create", Some(&token), &create);
                assert_eq!(made.status, 200, "{}", made.body);
                let search = r#"{"max_results": 1}"#;
                let found = post(server.address, "/api/2.0/mlflow/experiments/search", Some(&token), search);
                assert_eq!(found.status, 200, "{}", found.body);
            }
        }
    }
}
