"""What is said to people and to receivers: e-mails and webhook payloads as sealed messages. Pure.

`facts` has what a message is made from, `email` and `webhook` make it. Whatever is quoted is an exact part of a
reading, checked before the message is returned; whatever came from a page is escaped and can't turn the text around.
"""
