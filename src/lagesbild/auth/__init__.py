"""Who asks, and what they may do: login, sessions, forgery protection, rates and the log. Below the pages it knows
nothing of what they show."""
