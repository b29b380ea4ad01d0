"""疑似重复 Reports that may be the same case, by place, time, words and parties."""
