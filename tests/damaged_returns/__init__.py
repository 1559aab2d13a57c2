"""What the returns of damaged parts must do, rule by rule."""
