/** How grave a log message is, from the mildest to the gravest (RFC 5424; spec 2026-07-28, server/utilities/logging). */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
