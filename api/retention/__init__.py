"""保存期限 How long each kind of data is kept, what goes when, and what is held back."""
