//! The hub by itself: positions, gaps, limits, replicas that fall silent.

use super::super::message::{ChangeEvent, Told};
use super::*;

const VIEW: View = View { project_id: 1, experiments: true, registry: true };

fn told(project_id: i64, run: &str) -> Told {
    let change = ChangeEvent { kind: "run".into(), run_id: Some(run.into()), ..ChangeEvent::default() };
    Told { project_id, change }
}

fn message(origin: &str, number: u64, told: Vec<Told>) -> Message {
    Message { origin: origin.into(), number, told, ..Message::default() }
}

/// The events behind the cursor, each as its name and id.
fn read(hub: &Hub, cursor: &mut u64, view: &View) -> Vec<String> {
    let mut text = String::new();
    hub.read(cursor, view, &mut text);
    let events = text.split("\n\n").filter(|event| !event.is_empty());
    events
        .map(|event| {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            format!("{} {}", field("event: "), field("id: "))
        })
        .collect()
}

#[test]
fn events_are_read_once_and_found_again_by_id() {
    let hub = Hub::new().unwrap();
    let (mut cursor, _) = hub.end();
    hub.take(message("a", 1, vec![told(1, "x"), told(2, "other"), told(1, "y")]));
    hub.take(message("b", 1, vec![told(1, "z")]));
    assert_eq!(read(&hub, &mut cursor, &VIEW), ["change a-1-0", "change a-1-2", "change b-1-0"]);
    assert!(read(&hub, &mut cursor, &VIEW).is_empty());
    let mut again = hub.behind("a-1-0").unwrap();
    assert_eq!(read(&hub, &mut again, &VIEW), ["change a-1-2", "change b-1-0"]);
    assert_eq!(hub.behind("a-1-9"), None);
}

#[test]
fn another_hub_that_heard_the_same_knows_the_same_ids() {
    let (one, two) = (Hub::new().unwrap(), Hub::new().unwrap());
    for hub in [&one, &two] {
        hub.take(message("a", 1, vec![told(1, "x")]));
        hub.take(message("b", 1, vec![told(1, "y")]));
    }
    let mut cursor = two.behind("a-1-0").unwrap();
    assert_eq!(read(&two, &mut cursor, &VIEW), ["change b-1-0"]);
}

#[test]
fn what_is_not_for_a_caller_is_passed_over() {
    let hub = Hub::new().unwrap();
    let (start, _) = hub.end();
    let mut model = told(1, "x");
    model.change.kind = "model".into();
    hub.take(message("a", 1, vec![told(1, "x"), model]));
    let mut cursor = start;
    let view = View { registry: false, ..VIEW };
    assert_eq!(read(&hub, &mut cursor, &view), ["change a-1-0"]);
    cursor = start;
    assert!(read(&hub, &mut cursor, &View { experiments: false, registry: false, ..VIEW }).is_empty());
    assert_eq!(cursor, hub.end().0);
}

#[test]
fn whoever_falls_behind_is_told_to_look_again() {
    let hub = Hub::new().unwrap();
    let (mut slow, _) = hub.end();
    for number in 1..=(MOST as u64 + 10) {
        hub.take(message("a", number, vec![told(1, "x")]));
    }
    assert_eq!(hub.ring.lock().entries.len(), MOST);
    let newest = format!("refetch a-{}-0", MOST + 10);
    assert_eq!(read(&hub, &mut slow, &VIEW), [newest]);
    assert!(read(&hub, &mut slow, &VIEW).is_empty());
    assert_eq!(hub.behind("a-1-0"), None);
}

#[test]
fn long_names_take_no_more_memory_than_is_allowed() {
    let hub = Hub::new().unwrap();
    for number in 1..=1000 {
        hub.take(message("a", number, vec![told(1, &"x".repeat(10_000))]));
    }
    let ring = hub.ring.lock();
    assert!(ring.bytes <= MOST_BYTES && ring.entries.len() > 300, "{}", ring.entries.len());
}

#[test]
fn a_missing_message_is_a_gap() {
    let hub = Hub::new().unwrap();
    hub.take(message("a", 7, vec![told(1, "x")]));
    let (mut cursor, _) = hub.end();
    hub.take(message("a", 8, vec![told(1, "y")]));
    assert_eq!(read(&hub, &mut cursor, &VIEW), ["change a-8-0"]);
    hub.take(message("a", 10, vec![told(1, "z")]));
    let events = read(&hub, &mut cursor, &VIEW);
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].starts_with("refetch ") && events[1] == "change a-10-0", "{events:?}");
    assert_eq!(hub.behind("a-8-0"), None);
    hub.take(Message { missed: true, ..message("a", 11, Vec::new()) });
    assert_eq!(read(&hub, &mut cursor, &VIEW), ["refetch a-11-missed"]);
}

#[test]
fn a_replica_that_dies_is_a_gap_and_one_that_leaves_is_none() {
    let hub = Hub::new().unwrap();
    hub.hear(Heard::Connected);
    hub.take(message("a", 1, Vec::new()));
    hub.take(message("b", 1, Vec::new()));
    hub.take(Message { bye: true, ..message("b", 2, Vec::new()) });
    let (mut cursor, _) = hub.end();
    assert!(!hub.bury(Duration::from_secs(60)));
    assert!(read(&hub, &mut cursor, &VIEW).is_empty());
    std::thread::sleep(Duration::from_millis(20));
    // It does not hear itself either.
    assert!(hub.bury(Duration::from_millis(10)));
    assert_eq!(read(&hub, &mut cursor, &VIEW).len(), 1);
    assert_eq!(hub.origins.lock().len(), 1);
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    let hub = Hub::new().unwrap();
    let (mut cursor, _) = hub.end();
    hub.hear(Heard::Text("{".into()));
    assert_eq!(read(&hub, &mut cursor, &VIEW).len(), 1);
}
