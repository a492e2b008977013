//! Telling a greeting from a request.
//!
//! A small model that is greeted calls a tool, because tools are what it has just read about. It
//! is not left the choice where nothing but talk was asked for.

/// Longer messages are taken to ask for something, in words.
const MAX_WORDS: usize = 12;

/// Words that ask for nothing by themselves.
const GREETINGS: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "hiya",
    "howdy",
    "hallo",
    "moin",
    "servus",
    "hola",
    "bonjour",
    "salut",
    "ciao",
    "good",
    "morning",
    "afternoon",
    "evening",
    "day",
    "night",
    "there",
    "kiln",
    "thanks",
    "thank",
    "thx",
    "danke",
    "merci",
    "gracias",
    "you",
    "very",
    "much",
    "a",
    "lot",
    "so",
    "bye",
    "goodbye",
    "nice",
    "great",
    "cool",
    "awesome",
    "well",
    "to",
    "meet",
    "and",
    "friend",
];

/// Questions about the agent itself.
const ABOUT_THE_AGENT: &[&str] = &[
    "how are you",
    "how are you doing",
    "how are you today",
    "how is it going",
    "how s it going",
    "what s up",
    "who are you",
    "what are you",
    "what is your name",
    "what s your name",
    "what can you do",
    "what can you do for me",
    "how can you help",
    "how can you help me",
    "can you help me",
    "are you there",
];

/// Whether a message only greets, thanks, or asks about the agent.
pub(crate) fn is_small_talk(message: &str) -> bool {
    let words: Vec<String> = message
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() || words.len() > MAX_WORDS {
        return false;
    }
    let greets = |word: &String| GREETINGS.contains(&word.as_str());
    // "hi, how are you?" is a greeting before a question.
    (0..=words.len()).any(|asked| {
        words[..asked].iter().all(greets)
            && (asked == words.len()
                || ABOUT_THE_AGENT.contains(&words[asked..].join(" ").as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_ask_for_nothing() {
        for talk in [
            "hello",
            "Hi!",
            "hey there :)",
            "Good morning, Kiln!",
            "hi, how are you?",
            "Who are you?",
            "What's up?",
            "thanks a lot!",
            "hello, what can you do?",
        ] {
            assert!(is_small_talk(talk), "{talk}");
        }
        for request in [
            "",
            "?",
            "list the files",
            "look at hello.txt",
            "say hello in main.rs",
            "create a file hello.txt with hi",
            "yes",
            "do it",
            "again",
            "test",
            "how are you built",
            "what does this project do?",
        ] {
            assert!(!is_small_talk(request), "{request}");
        }
    }
}
