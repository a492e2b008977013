//! llama.cpp as an [`Engine`].

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;
use llama_cpp_2::token::logit_bias::LlamaLogitBias;

use crate::answer::{self, Answer, Next};
use crate::chat_template::{self, Segment};
use crate::engine::Engine;
use crate::grammar;
use crate::memory;
use crate::protocol::{EngineError, EngineEvent, LoadRequest};
use crate::request::{LocalRequest, LocalStop, LocalUsage};
use crate::utf8_stream::Utf8Stream;

/// Tokens of a prompt that are computed at once; between two batches a cancel is noticed.
const BATCH_TOKENS: usize = 64;
/// Tokens of the context window that are kept free for the answer.
const ROOM_FOR_ANSWER: u32 = 256;
/// Sampling temperature where the request names none: nearly always the likeliest token.
const TEMPERATURE: f32 = 0.2;
/// Candidates that are tried against the grammar before all of them are.
const CANDIDATES: usize = 128;
/// How much less likely than the likeliest a call may be to be preferred where the person named a
/// file, as a difference of logits (e^5 is about 150).
const LOOK_FIRST: f32 = 5.0;
/// How an answer begins that must not be a tool call again.
const ANSWER_WITHOUT_TOOLS: &str = "Based on the result above,";
/// How often the speed of an answer is told.
const SPEED_INTERVAL: Duration = Duration::from_secs(1);

/// llama.cpp with one model.
pub struct LlamaEngine {
    backend: LlamaBackend,
    loaded: Option<Loaded>,
}

struct Loaded {
    model: &'static LlamaModel,
    context: LlamaContext<'static>,
    /// The tokens whose state is in the context, in order.
    kept: Vec<LlamaToken>,
    context_tokens: u32,
}

impl LlamaEngine {
    /// Starts the engine; a process can do so once.
    pub fn new() -> Result<Self, String> {
        let backend = LlamaBackend::init().map_err(|error| error.to_string())?;
        Ok(Self {
            backend,
            loaded: None,
        })
    }
}

impl Engine for LlamaEngine {
    fn load(
        &mut self,
        request: &LoadRequest,
        mut progress: Box<dyn FnMut(f32)>,
    ) -> Result<(), String> {
        let mut told = 0.0;
        let parameters = LlamaModelParams::default()
            .with_n_gpu_layers(0)
            .with_progress_callback(move |fraction| {
                if fraction - told >= 0.02 || fraction >= 1.0 {
                    told = fraction;
                    progress(fraction);
                }
                true
            });
        let model = LlamaModel::load_from_file(&self.backend, &request.path, &parameters).map_err(
            |error| {
                format!(
                    "{} is no model that can be run: {error}",
                    request.path.display()
                )
            },
        )?;
        // The worker runs one model for as long as it lives.
        let model: &'static LlamaModel = Box::leak(Box::new(model));
        let context_tokens = request.context_tokens.min(model.n_ctx_train());
        let threads = i32::try_from(request.threads).unwrap_or(1);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(context_tokens))
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = model
            .new_context(&self.backend, parameters)
            .map_err(|error| format!("there is no memory for its context: {error}"))?;
        self.loaded = Some(Loaded {
            model,
            context,
            kept: Vec::new(),
            context_tokens,
        });
        Ok(())
    }

    fn generate(
        &mut self,
        request: &LocalRequest,
        emit: &mut dyn FnMut(EngineEvent),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<(LocalStop, LocalUsage), EngineError> {
        let loaded = self
            .loaded
            .as_mut()
            .ok_or_else(|| EngineError::Engine("no model is loaded".into()))?;
        let result = loaded.generate(request, emit, cancelled);
        if matches!(result, Err(EngineError::Engine(_))) {
            // What the context holds is unknown after a failure.
            loaded.context.clear_kv_cache();
            loaded.kept.clear();
        }
        result
    }
}

/// A cancel is no failure, and neither ends the function that noticed it normally.
enum Interrupted {
    Cancelled,
    Failed(EngineError),
}

impl From<EngineError> for Interrupted {
    fn from(error: EngineError) -> Self {
        Self::Failed(error)
    }
}

fn failed(error: impl std::fmt::Display) -> EngineError {
    EngineError::Engine(error.to_string())
}

impl Loaded {
    fn generate(
        &mut self,
        request: &LocalRequest,
        emit: &mut dyn FnMut(EngineEvent),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<(LocalStop, LocalUsage), EngineError> {
        let prompt = self.tokenize(&chat_template::render(request));
        let mut usage = LocalUsage {
            prompt_tokens: count(prompt.len()),
            ..LocalUsage::default()
        };
        let limit = self.context_tokens.saturating_sub(ROOM_FOR_ANSWER);
        if usage.prompt_tokens > limit {
            return Err(EngineError::ContextTooLong {
                tokens: usage.prompt_tokens,
                limit,
            });
        }
        let start = Instant::now();
        let read = self.read_prompt(&prompt, &mut usage, emit, cancelled);
        let new_tokens = self.kept.len().saturating_sub(usage.cached_tokens as usize);
        usage.prompt_tokens_per_second = rate(new_tokens, start);
        let result = match read {
            Ok(()) => {
                let start = Instant::now();
                let result = self.write_answer(request, prompt.len(), &mut usage, emit, cancelled);
                usage.tokens_per_second = rate(usage.output_tokens as usize, start);
                result
            }
            error => error.map(|()| LocalStop::Cancelled),
        };
        usage.memory_bytes = memory::resident_bytes().unwrap_or(0);
        match result {
            Ok(stop) => Ok((stop, usage)),
            Err(Interrupted::Cancelled) => Ok((LocalStop::Cancelled, usage)),
            Err(Interrupted::Failed(error)) => Err(error),
        }
    }

    fn tokenize(&self, segments: &[Segment]) -> Vec<LlamaToken> {
        let vocabulary = self.model.vocab();
        let mut tokens = Vec::new();
        for segment in segments {
            match segment {
                Segment::Control(text) => {
                    tokens.extend(vocabulary.tokenize(text.as_bytes(), false, true))
                }
                Segment::Text(text) => {
                    tokens.extend(vocabulary.tokenize(text.as_bytes(), false, false))
                }
            }
        }
        tokens
    }

    /// Brings the context to the end of `prompt`, keeping what it shares with what is there.
    fn read_prompt(
        &mut self,
        prompt: &[LlamaToken],
        usage: &mut LocalUsage,
        emit: &mut dyn FnMut(EngineEvent),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<(), Interrupted> {
        let shared = self
            .kept
            .iter()
            .zip(prompt)
            .take_while(|(kept, wanted)| kept == wanted)
            .count();
        // The last token is always computed: its output is what the answer begins from.
        self.keep(shared.min(prompt.len().saturating_sub(1)))?;
        usage.cached_tokens = count(self.kept.len());
        while self.kept.len() < prompt.len() {
            if cancelled() {
                return Err(Interrupted::Cancelled);
            }
            let end = (self.kept.len() + BATCH_TOKENS).min(prompt.len());
            let batch = prompt[self.kept.len()..end].to_vec();
            self.compute(&batch)?;
            emit(EngineEvent::Reading {
                tokens: count(self.kept.len()),
                total: usage.prompt_tokens,
            });
        }
        Ok(())
    }

    /// Forgets everything after the first `length` tokens.
    fn keep(&mut self, length: usize) -> Result<(), EngineError> {
        if length == self.kept.len() {
            return Ok(());
        }
        let removed = self
            .context
            .clear_kv_cache_seq(Some(0), Some(count(length)), None)
            .map_err(failed)?;
        if removed {
            self.kept.truncate(length);
        } else {
            self.context.clear_kv_cache();
            self.kept.clear();
        }
        Ok(())
    }

    /// Computes `tokens` at the end of the context; the output of the last one can be sampled.
    fn compute(&mut self, tokens: &[LlamaToken]) -> Result<(), EngineError> {
        let mut batch = LlamaBatch::new(tokens.len().max(1), 1);
        for (index, token) in tokens.iter().enumerate() {
            let position = i32::try_from(self.kept.len() + index).map_err(failed)?;
            batch
                .add(*token, position, &[0], index + 1 == tokens.len())
                .map_err(failed)?;
        }
        self.context.decode(&mut batch).map_err(failed)?;
        self.kept.extend_from_slice(tokens);
        Ok(())
    }

    fn write_answer(
        &mut self,
        request: &LocalRequest,
        prompt_length: usize,
        usage: &mut LocalUsage,
        emit: &mut dyn FnMut(EngineEvent),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<LocalStop, Interrupted> {
        if request.max_tokens == 0 {
            return Ok(LocalStop::MaxTokens);
        }
        let mut answer = Answer::new(request);
        let temperature = request.temperature.unwrap_or(TEMPERATURE);
        let mut sampler = self.free_sampler(temperature, &[]);
        // Chooses the first token of an answer that must not begin as a call does.
        let mut first_word = request
            .words_only
            .then(|| self.free_sampler(temperature, &self.call_openers()));
        let mut constraint: Option<LlamaSampler> = None;
        let mut look_first = if answer::should_look(request) {
            let call = [Segment::Text(chat_template::CALL_START.to_owned())];
            self.tokenize(&call).first().copied()
        } else {
            None
        };
        let mut text = Utf8Stream::default();
        let start = Instant::now();
        let mut told = start;
        let room = self.context_tokens.saturating_sub(count(prompt_length) + 1);
        let limit = request.max_tokens.min(room);
        while usage.output_tokens < limit && count(self.kept.len()) + 1 < self.context_tokens {
            if cancelled() {
                return Err(Interrupted::Cancelled);
            }
            let token = match &mut constraint {
                Some(grammar) => self.sample_constrained(grammar)?,
                None => match look_first.take().filter(|token| self.is_likely(*token)) {
                    Some(token) => token,
                    None => first_word
                        .take()
                        .as_mut()
                        .unwrap_or(&mut sampler)
                        .sample(&self.context, -1),
                },
            };
            if self.model.vocab().is_eog(token) {
                let rest = text.finish();
                let next = answer.push(&rest, emit);
                if let Next::Stop(stop) = next {
                    return Ok(stop);
                }
                return Ok(answer.finish(LocalStop::EndOfTurn, emit));
            }
            usage.output_tokens += 1;
            if told.elapsed() >= SPEED_INTERVAL {
                told = Instant::now();
                emit(EngineEvent::Speed {
                    tokens_per_second: rate(usage.output_tokens as usize, start),
                    memory_bytes: memory::resident_bytes().unwrap_or(0),
                });
            }
            let piece = text.push(&self.model.vocab().token_to_piece(token, true, None));
            match answer.push(&piece, emit) {
                Next::Continue => self.compute(&[token])?,
                Next::Constrain(expected) => {
                    let rules = grammar::for_call(&request.tools, &expected);
                    constraint =
                        Some(LlamaSampler::grammar(self.model, &rules, "root").map_err(failed)?);
                    self.compute(&[token])?;
                }
                Next::Stop(stop) => {
                    // The next prompt has this token in the same place.
                    self.compute(&[token])?;
                    return Ok(stop);
                }
                Next::Again => {
                    // Back to where the answer began; this time in words.
                    self.restart(prompt_length)?;
                    answer = Answer::in_words(request);
                    constraint = None;
                    text = Utf8Stream::default();
                    if answer::has_results(request) {
                        let start =
                            self.tokenize(&[Segment::Text(ANSWER_WITHOUT_TOOLS.to_owned())]);
                        self.compute(&start)?;
                        answer.push(ANSWER_WITHOUT_TOOLS, emit);
                    } else {
                        first_word = Some(self.free_sampler(temperature, &self.call_openers()));
                    }
                }
            }
        }
        Ok(answer.finish(LocalStop::MaxTokens, emit))
    }

    /// Goes back to the end of a prompt. Its last token is computed again: its output is what the
    /// answer begins from.
    fn restart(&mut self, prompt_length: usize) -> Result<(), EngineError> {
        let Some(last) = prompt_length
            .checked_sub(1)
            .and_then(|at| self.kept.get(at).copied())
        else {
            return Err(EngineError::Engine("there is no prompt".into()));
        };
        self.keep(prompt_length - 1)?;
        self.compute(&[last])
    }

    /// The tokens that calls begin with.
    fn call_openers(&self) -> Vec<LlamaToken> {
        const OPENINGS: [&str; 8] = [
            "```json\n",
            "```\n",
            "`",
            "{\n",
            "{\"name\"",
            "{ \"name\"",
            "<tool_call>",
            "<tools>",
        ];
        let mut openers: Vec<LlamaToken> = OPENINGS
            .iter()
            .filter_map(|text| {
                let opening = [Segment::Text((*text).to_owned())];
                self.tokenize(&opening).first().copied()
            })
            .collect();
        openers.extend(self.tokenize(&[Segment::Control("<tool_call>")]).first());
        openers
    }

    fn is_likely(&self, token: LlamaToken) -> bool {
        let logits = self.context.get_logits_ith(-1);
        let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        usize::try_from(token.0)
            .ok()
            .and_then(|index| logits.get(index))
            .is_some_and(|logit| best - logit <= LOOK_FIRST)
    }

    /// Samples any token but the `forbidden` ones.
    fn free_sampler(&self, temperature: f32, forbidden: &[LlamaToken]) -> LlamaSampler {
        let biases: Vec<LlamaLogitBias> = forbidden
            .iter()
            .map(|token| LlamaLogitBias::new(*token, f32::NEG_INFINITY))
            .collect();
        let allowed = LlamaSampler::logit_bias(self.model.n_vocab(), &biases);
        // A mild penalty on the last tokens against loops; a stronger one spoils code.
        let penalties = LlamaSampler::penalties(self.model.n_vocab(), 128, 1.05, 0.0, 0.0);
        if temperature <= 0.0 {
            return LlamaSampler::chain_simple([allowed, penalties, LlamaSampler::greedy()]);
        }
        // The values that Qwen publishes with the model, save for the temperature. A fixed seed:
        // the same question gets the same answer.
        LlamaSampler::chain_simple([
            allowed,
            penalties,
            LlamaSampler::top_k(20),
            LlamaSampler::top_p(0.8, 1),
            LlamaSampler::temp(temperature),
            LlamaSampler::dist(1),
        ])
    }

    /// The likeliest token that the grammar allows. Nearly always that is the likeliest of all,
    /// so that the grammar, which is slow on a whole vocabulary, sees few candidates.
    fn sample_constrained(&self, grammar: &mut LlamaSampler) -> Result<LlamaToken, EngineError> {
        let logits = self.context.get_logits_ith(-1);
        let mut best: Vec<(usize, f32)> = logits.iter().copied().enumerate().collect();
        let by_logit = |left: &(usize, f32), right: &(usize, f32)| right.1.total_cmp(&left.1);
        if best.len() > CANDIDATES {
            best.select_nth_unstable_by(CANDIDATES, by_logit);
            best[..CANDIDATES].sort_unstable_by(by_logit);
        }
        let few = &best[..best.len().min(CANDIDATES)];
        for candidates in [few, best.as_slice()] {
            let mut array = LlamaTokenDataArray::new(
                candidates
                    .iter()
                    .map(|(index, logit)| {
                        LlamaTokenData::new(
                            LlamaToken::new(i32::try_from(*index).unwrap_or(0)),
                            *logit,
                            0.0,
                        )
                    })
                    .collect(),
                false,
            );
            grammar.apply(&mut array);
            let allowed = array
                .data
                .iter()
                .filter(|candidate| candidate.logit() > f32::NEG_INFINITY);
            if let Some(token) =
                allowed.max_by(|left, right| left.logit().total_cmp(&right.logit()))
            {
                let token = token.id();
                grammar.accept(token);
                return Ok(token);
            }
        }
        Err(EngineError::Engine(
            "the grammar of a tool call allows nothing more".into(),
        ))
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Tokens a second since `start`.
fn rate(tokens: usize, start: Instant) -> f32 {
    let seconds = start.elapsed().as_secs_f32();
    // Far below the point where a float skips whole numbers.
    if tokens == 0 || seconds <= 0.0 {
        0.0
    } else {
        tokens as f32 / seconds
    }
}
