"""Every scenario by its name, in the order in which a reader should meet them."""

from __future__ import annotations

from collections.abc import Mapping

from ..world.world import Scenario
from .crowd import crowd
from .dialect_storm import dialect_storm
from .dialects import dialects
from .disk_fails import disk_fails
from .endpoint_returns import endpoint_returns, stale_connections
from .engine import engine_crash, engine_hangs_alone, engine_turn
from .engine_esc import engine_hangs, esc_in_prefill
from .esc import esc_mid_stream
from .esc_everywhere import esc_everywhere
from .fallback import falls_back
from .keys import keys_rotate
from .ladder import retry_ladder
from .memory import memory_hog, memory_refusal, memory_two_of_three
from .memory_storm import memory_storm
from .misbehaviour import absent, garbage, silent, slow, too_many_requests
from .offers import offers_failing, offers_followed, offers_full, offers_private
from .offers_dialects import offers_dialects
from .one_turn import one_turn
from .overload import overload, patience
from .parallel_sessions import parallel_sessions
from .reload import reload_under_load
from .resend import resend_livelock
from .routing import routing_breaker, routing_fallback
from .routing_budget import routing_budget
from .routing_private import routing_private
from .routing_reload import routing_reload
from .routing_replicas import routing_replicas
from .routing_storm import routing_storm
from .safeguards import safeguards
from .server_tools import server_tools
from .shutdown import restart_with_state, shutdown_with_turns_in_flight
from .stalled_reader import stalled_reader
from .swarm import swarm
from .switch import switch_in_mid_conversation
from .switching import switching_chat
from .switching_crowd import switching_crowd, switching_few
from .switching_injected import switching_injected
from .switching_lost import switching_lost
from .switching_marks import switching_marks
from .switching_phrased import switching_phrased
from .switching_raced import switching_raced
from .switching_restart import switching_restart
from .switching_settings import switching_settings
from .tool_ids import mcp_tool_ids
from .tools import tools
from .translated_esc import translated_esc
from .upstream_cut import upstream_cut
from .worker import (
    worker_crashes,
    worker_does_not_load,
    worker_hangs,
    worker_is_deaf,
    worker_turns,
)
from .worker_crowd import few_conversations, many_conversations
from .worker_returns import worker_bad_files, worker_crash_forgets_nothing, worker_returns
from .worker_storm import worker_storm
from .worker_template import worker_template
from .worker_tools import worker_tools

SCENARIOS: Mapping[str, Scenario] = {
    "one-turn": one_turn,
    "esc-mid-stream": esc_mid_stream,
    "esc-everywhere": esc_everywhere,
    "upstream-cut": upstream_cut,
    "too-many-requests": too_many_requests,
    "garbage": garbage,
    "slow": slow,
    "silent": silent,
    "absent": absent,
    "stalled-reader": stalled_reader,
    "crowd": crowd,
    "endpoint-returns": endpoint_returns,
    "stale-connections": stale_connections,
    "reload-under-load": reload_under_load,
    "shutdown": shutdown_with_turns_in_flight,
    "restart-with-state": restart_with_state,
    "disk-fails": disk_fails,
    "engine-turn": engine_turn,
    "engine-crash": engine_crash,
    "esc-in-prefill": esc_in_prefill,
    "engine-hangs": engine_hangs,
    "engine-hangs-alone": engine_hangs_alone,
    "worker-turns": worker_turns,
    "worker-crashes": worker_crashes,
    "worker-hangs": worker_hangs,
    "worker-is-deaf": worker_is_deaf,
    "worker-does-not-load": worker_does_not_load,
    "worker-returns": worker_returns,
    "worker-crash-forgets-nothing": worker_crash_forgets_nothing,
    "worker-bad-files": worker_bad_files,
    "worker-template": worker_template,
    "worker-tools": worker_tools,
    "few-conversations": few_conversations,
    "many-conversations": many_conversations,
    "worker-storm": worker_storm,
    "memory-two-of-three": memory_two_of_three,
    "memory-hog": memory_hog,
    "memory-refusal": memory_refusal,
    "memory-storm": memory_storm,
    "overload": overload,
    "patience": patience,
    "tools": tools,
    "retry-ladder": retry_ladder,
    "falls-back": falls_back,
    "resend-livelock": resend_livelock,
    "parallel-sessions": parallel_sessions,
    "dialects": dialects,
    "switch-in-mid-conversation": switch_in_mid_conversation,
    "translated-esc": translated_esc,
    "server-tools": server_tools,
    "safeguards": safeguards,
    "dialect-storm": dialect_storm,
    "routing-fallback": routing_fallback,
    "routing-breaker": routing_breaker,
    "routing-private": routing_private,
    "routing-replicas": routing_replicas,
    "routing-budget": routing_budget,
    "routing-reload": routing_reload,
    "keys-rotate": keys_rotate,
    "routing-storm": routing_storm,
    "switching-chat": switching_chat,
    "switching-restart": switching_restart,
    "switching-lost": switching_lost,
    "switching-phrased": switching_phrased,
    "switching-settings": switching_settings,
    "switching-injected": switching_injected,
    "switching-marks": switching_marks,
    "switching-raced": switching_raced,
    "mcp-tool-ids": mcp_tool_ids,
    "offers-full": offers_full,
    "offers-private": offers_private,
    "offers-failing": offers_failing,
    "offers-followed": offers_followed,
    "offers-dialects": offers_dialects,
    "switching-few": switching_few,
    "switching-crowd": switching_crowd,
    "swarm": swarm,
}
