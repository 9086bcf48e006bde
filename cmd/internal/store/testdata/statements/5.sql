UPDATE inbox SET tries = tries - 1 WHERE network = ?1 AND id = ?2 AND part = ?3 AND tries > 1 AND finished = 0;
