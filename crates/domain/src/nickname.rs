//! Names for runs that were given none: `adjective-animal-number`, at most 20 characters.

const ADJECTIVES: &[&str] = &[
    "able", "agile", "amber", "apt", "bold", "brave", "brisk", "calm", "civil", "clean", "clear", "clever",
    "cool", "crisp", "deft", "eager", "easy", "exact", "fair", "fast", "fine", "firm", "fond", "frank",
    "fresh", "gentle", "glad", "good", "grand", "happy", "hardy", "honest", "ideal", "jolly", "just", "keen",
    "kind", "lively", "loyal", "lucid", "lucky", "mellow", "merry", "mild", "neat", "noble", "polite",
    "proud", "pure", "quick", "quiet", "rapid", "ready", "rich", "robust", "salty", "sharp", "silent",
    "smart", "smooth", "sound", "spry", "steady", "still", "stoic", "sure", "swift", "tidy", "true", "vivid",
    "warm", "wise", "witty", "young", "zesty",
];

const ANIMALS: &[&str] = &[
    "ant", "asp", "auk", "bass", "bat", "bear", "bee", "bird", "boar", "bream", "bug", "carp", "cat", "chub",
    "cod", "colt", "crab", "crane", "crow", "deer", "dog", "dove", "duck", "eel", "elk", "finch", "fish",
    "fly", "fox", "frog", "goat", "goose", "grub", "gull", "hare", "hawk", "hen", "heron", "horse", "ibis",
    "jay", "kite", "koi", "lamb", "lark", "lynx", "midge", "mink", "mole", "moose", "moth", "mouse", "mule",
    "newt", "otter", "owl", "ox", "perch", "pike", "ram", "rat", "raven", "ray", "roach", "robin", "seal",
    "shad", "shark", "shrew", "skunk", "slug", "smelt", "snail", "snipe", "sole", "squid", "stag", "stork",
    "swan", "tern", "toad", "trout", "wasp", "whale", "wolf", "worm", "wren", "yak", "zebra",
];

/// The same random number makes the same name.
pub fn nickname(random: u64) -> String {
    let adjective = ADJECTIVES[(random % ADJECTIVES.len() as u64) as usize];
    let random = random / ADJECTIVES.len() as u64;
    let animal = ANIMALS[(random % ANIMALS.len() as u64) as usize];
    let number = random / ANIMALS.len() as u64 % 1000;
    format!("{adjective}-{animal}-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_has_at_most_twenty_characters() {
        for random in (0..u64::MAX).step_by(usize::MAX / 10_000) {
            assert!(nickname(random).len() <= 20, "{}", nickname(random));
        }
        let longest = |words: &[&str]| words.iter().map(|word| word.len()).max().unwrap();
        assert!(longest(ADJECTIVES) + longest(ANIMALS) + 5 <= 20);
    }
}
