"""What people tell, step by step, and what is carried between the steps."""
