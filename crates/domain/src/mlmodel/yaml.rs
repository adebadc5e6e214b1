//! A bounded tree of a YAML text: whatever the text is, the tree is no larger than it, and aliases are not copied.

use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle};

/// Collections inside each other.
const MAX_NESTING: usize = 64;
/// Scalars and collections of a text; the largest real `MLmodel` has a few hundred.
const MAX_NODES: usize = 50_000;

/// A node's place in its tree. Aliases have that of the node they name, so a tree may meet itself again: who walks
/// it goes a fixed number of steps down.
pub type NodeId = usize;

#[derive(Debug)]
enum Node {
    Null,
    Scalar(String),
    List(Vec<NodeId>),
    Map(Vec<(NodeId, NodeId)>),
}

#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    root: NodeId,
}

impl Tree {
    /// The first document of `text`; the error is one sentence with a position.
    pub fn parse(text: &str) -> Result<Self, String> {
        let options = granit_parser::options! {
            flow_nesting_limit: MAX_NESTING,
            block_nesting_limit: MAX_NESTING,
            disallow_directives: true
        };
        let mut builder = Builder::default();
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = next.map_err(|error| at(&error.info(), error.marker()))?;
            builder.take(event).map_err(|reason| at(&reason, &span.start))?;
            if builder.nodes.len() > MAX_NODES {
                return Err(at(&format!("more than {MAX_NODES} values"), &span.start));
            }
        }
        let root = builder.root.ok_or_else(|| "it is empty".to_owned())?;
        Ok(Self { nodes: builder.nodes, root })
    }

    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The text of a scalar that is not null.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match self.nodes.get(id) {
            Some(Node::Scalar(text)) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self, id: NodeId) -> Option<&[NodeId]> {
        match self.nodes.get(id) {
            Some(Node::List(items)) => Some(items),
            _ => None,
        }
    }

    /// Keys that are texts, with their values, in the order of the file.
    pub fn entries(&self, id: NodeId) -> Option<impl Iterator<Item = (&str, NodeId)>> {
        match self.nodes.get(id) {
            Some(Node::Map(pairs)) => {
                Some(pairs.iter().filter_map(|(key, value)| Some((self.text(*key)?, *value))))
            }
            _ => None,
        }
    }

    /// The value at `key` of a map; the last of several, as Python's YAML has it.
    pub fn value(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entries(id)?.filter(|(name, _)| *name == key).last().map(|(_, value)| value)
    }
}

fn at(reason: &str, mark: &Marker) -> String {
    format!("{reason} (line {}, column {})", mark.line(), mark.col() + 1)
}

/// A collection that is not closed yet.
struct Open {
    id: NodeId,
    /// The key that waits for its value.
    key: Option<NodeId>,
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    anchors: HashMap<usize, NodeId>,
    open: Vec<Open>,
    root: Option<NodeId>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                self.add(if is_null { Node::Null } else { Node::Scalar(text.into_owned()) }, anchor);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Node::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => self.begin(Node::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(id) => self.place(*id),
                None => return Err("an alias of nothing".to_owned()),
            },
            Event::DocumentStart(..) if self.root.is_some() => return Err("a second document".to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, node: Node, anchor: usize) {
        let id = self.add(node, anchor);
        self.open.push(Open { id, key: None });
    }

    fn add(&mut self, node: Node, anchor: usize) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(node);
        // Known before its content is, so that an alias inside its own node is one too.
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        self.place(id);
        id
    }

    fn place(&mut self, id: NodeId) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(id);
            return;
        };
        match (self.nodes.get_mut(open.id), open.key.take()) {
            (Some(Node::List(items)), _) => items.push(id),
            (Some(Node::Map(_)), None) => open.key = Some(id),
            (Some(Node::Map(pairs)), Some(key)) => pairs.push((key, id)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_python_writes() {
        let text = "a: 'x''y\n  z'\nb:\n- 1\n- null\n? c\n: {d: \"\\u00e9\"}\ne: ''\n";
        let tree = Tree::parse(text).unwrap();
        let root = tree.root();
        assert_eq!(tree.text(tree.value(root, "a").unwrap()), Some("x'y z"));
        let list = tree.list(tree.value(root, "b").unwrap()).unwrap();
        assert_eq!(list.iter().map(|id| tree.text(*id)).collect::<Vec<_>>(), [Some("1"), None]);
        let inner = tree.value(root, "c").unwrap();
        assert_eq!(tree.text(tree.value(inner, "d").unwrap()), Some("é"));
        assert_eq!(tree.text(tree.value(root, "e").unwrap()), Some(""));
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let tree = Tree::parse("a: 1\na: 2").unwrap();
        assert_eq!(tree.text(tree.value(tree.root(), "a").unwrap()), Some("2"));
    }

    #[test]
    fn an_alias_is_its_node_and_may_be_its_own_parent() {
        let tree = Tree::parse("a: &x {b: *x, c: &y 1}\nd: *y").unwrap();
        let a = tree.value(tree.root(), "a").unwrap();
        assert_eq!(tree.value(a, "b"), Some(a));
        assert_eq!(tree.value(tree.root(), "d"), tree.value(a, "c"));
    }

    #[test]
    fn says_where_it_stopped() {
        for (text, expected) in [
            ("", "it is empty"),
            ("a: [1, 2", "unclosed bracket '[' (line 1, column 4)"),
            ("a: 1\n b: 2", "(line 2, column 3)"),
            ("a: *nowhere", "(line 1, column 4)"),
            ("a: 1\n---\nb: 2", "a second document (line 2, column 1)"),
            ("%TAG !e! x\n---\na", "(line 1, column 1)"),
        ] {
            let error = Tree::parse(text).unwrap_err();
            assert!(error.contains(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn hostile_texts_cost_no_more_than_their_length() {
        let million = 1 << 20;
        let filled = |text: &str| text.repeat(million / text.len());
        let mut laughs = "a0: &a0 lol\n".to_owned();
        for level in 1..200 {
            let aliases = vec![format!("*a{}", level - 1); 20].join(", ");
            laughs += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        assert!(Tree::parse(&laughs).unwrap().nodes.len() < 1000);
        let begun = Instant::now();
        for text in [
            filled("["),
            filled("{"),
            filled("{a: "),
            filled("- "),
            filled("? "),
            filled(": "),
            filled("a: 1\n---\n"),
            filled("- 1\n"),
            filled("[1, 2, 3, 4], "),
            filled("&a "),
            filled("!a "),
            filled("\"a "),
            filled("'a':"),
            format!("[{}", filled("\"a\" ")),
            format!("{{{}", filled("\n a")),
            format!("a: {}", filled("x\n  ")) + "\nb: [",
        ] {
            assert!(Tree::parse(&text).is_err());
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }

    proptest! {
        #[test]
        fn no_text_panics(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "&x ", "*x", "? ", "'", "\"", "|\n", ">", "#", "---\n",
            "...", "%", "!t ", "\t", "\\", "é", "\u{feff}", "null", "\r", "<<",
        ]), 0..40)) {
            let _ = Tree::parse(&pieces.concat());
        }

        #[test]
        fn no_characters_panic(text: String) {
            let _ = Tree::parse(&text);
        }
    }
}
