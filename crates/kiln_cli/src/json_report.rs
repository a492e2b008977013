//! What happens, for programs: one JSON object a line on standard output.

use std::io::{self, Write};

use agent::{AgentEvent, EndReason, ModelChoice, NoticeLevel, PermissionPreview, ToolCallView};
use llm::Usage;
use serde_json::{Value, json};

use crate::agent_run::Report;

/// Writes for programs.
pub struct JsonReport;

impl Report for JsonReport {
    fn event(&mut self, event: &AgentEvent) -> io::Result<()> {
        let Some(object) = object(event) else {
            return Ok(());
        };
        let mut output = io::stdout().lock();
        serde_json::to_writer(&mut output, &object)?;
        output.write_all(b"\n")?;
        output.flush()
    }

    fn question(&mut self, _call: &ToolCallView, _preview: &PermissionPreview) -> io::Result<()> {
        Ok(())
    }

    fn unclear(&mut self, _answer: &str) -> io::Result<()> {
        Ok(())
    }

    fn listens(&mut self, _call: &ToolCallView) -> io::Result<()> {
        Ok(())
    }
}

fn usage(usage: &Usage) -> Value {
    json!({
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_tokens": usage.cached_tokens,
    })
}

fn call(kind: &str, call: &ToolCallView) -> Value {
    json!({
        "type": kind,
        "call_id": call.call_id,
        "name": call.name,
        "title": call.title,
        "arguments": call.arguments,
    })
}

fn choice_name(choice: ModelChoice) -> &'static str {
    match choice {
        ModelChoice::Asked => "asked",
        ModelChoice::Configured => "setting",
        ModelChoice::Last => "last",
        ModelChoice::First => "default",
    }
}

/// An event as an object; `type` says which. `None` for what another one repeats in full.
fn object(event: &AgentEvent) -> Option<Value> {
    let object = match event {
        // The result holds it; what is written is told once it is carried out.
        AgentEvent::ToolOutput { .. } | AgentEvent::ToolCallWaiting { .. } => return None,
        AgentEvent::SessionOpened { id, transcript } => {
            json!({"type": "session", "id": id.to_string(), "items": transcript.len()})
        }
        AgentEvent::ModelChanged {
            id,
            display_name,
            local,
            choice,
        } => json!({
            "type": "model",
            "id": id.to_string(),
            "name": display_name,
            "local": local,
            "choice": choice_name(*choice),
        }),
        AgentEvent::NoModel { message, .. } => json!({"type": "no_model", "message": message}),
        AgentEvent::TurnStarted {
            turn, prompt, mode, ..
        } => {
            json!({"type": "turn_started", "turn": turn, "prompt": prompt, "mode": mode})
        }
        AgentEvent::Text { delta } => json!({"type": "text", "delta": delta}),
        AgentEvent::ToolCallStarted { call_id, name } => {
            json!({"type": "tool_call_started", "call_id": call_id, "name": name})
        }
        AgentEvent::ToolCallRunning { call: view } => call("tool_call", view),
        AgentEvent::PermissionRequested { call: view, .. } => call("permission", view),
        AgentEvent::ToolCallDenied { call_id } => {
            json!({"type": "tool_denied", "call_id": call_id})
        }
        AgentEvent::ToolCallFinished { call_id, outcome } => json!({
            "type": "tool_result",
            "call_id": call_id,
            "ok": outcome.ok,
            "summary": outcome.summary,
            "output": outcome.output,
            "diff": outcome.diff,
        }),
        AgentEvent::Usage { turn, session } => {
            json!({"type": "usage", "turn": usage(turn), "session": usage(session)})
        }
        AgentEvent::Speed {
            tokens_per_second,
            memory_bytes,
        } => {
            json!({"type": "speed", "tokens_per_second": tokens_per_second, "memory_bytes": memory_bytes})
        }
        AgentEvent::Loading { note } => json!({"type": "loading", "note": note}),
        AgentEvent::Retrying {
            attempt,
            delay,
            reason,
        } => json!({
            "type": "retrying",
            "attempt": attempt,
            "delay_ms": milliseconds(*delay),
            "reason": reason,
        }),
        AgentEvent::Notice { level, message, .. } => {
            let level = match level {
                NoticeLevel::Info => "info",
                NoticeLevel::Warning => "warning",
                NoticeLevel::Error => "error",
            };
            json!({"type": "notice", "level": level, "message": message})
        }
        AgentEvent::TurnEnded {
            turn,
            reason,
            usage: used,
            elapsed,
        } => {
            let (name, message) = match reason {
                EndReason::Completed => ("completed", None),
                EndReason::Cancelled => ("cancelled", None),
                EndReason::Failed(message) => ("failed", Some(message)),
                EndReason::NeedsKey(message) => ("needs_key", Some(message)),
                EndReason::NotBegun(message) => ("not_begun", Some(message)),
                EndReason::StepLimit => ("step_limit", None),
            };
            json!({
                "type": "turn_ended",
                "turn": turn,
                "reason": name,
                "message": message,
                "usage": usage(used),
                "elapsed_ms": milliseconds(*elapsed),
            })
        }
        AgentEvent::SpecChanged { spec } => json!({"type": "spec_changed", "spec": spec}),
        AgentEvent::SpecReviewReady { spec, phase } => {
            json!({"type": "review_ready", "spec": spec, "phase": phase.title()})
        }
        AgentEvent::TaskStateChanged { spec, task, state } => {
            json!({"type": "task_state", "spec": spec, "task": task, "state": state})
        }
    };
    Some(object)
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
