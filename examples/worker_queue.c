/* A queue between threads, for worker.c. */

#include "worker.h"

void queue_put(struct queue *queue, struct contact *contact) {
    pthread_mutex_lock(&queue->lock);
    contact->next = NULL;
    *(queue->first != NULL ? &queue->last->next : &queue->first) = contact;
    queue->last = contact;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

struct contact *queue_take(struct queue *queue, bool wait) {
    pthread_mutex_lock(&queue->lock);
    while (wait && queue->first == NULL && !queue->closed) pthread_cond_wait(&queue->changed, &queue->lock);
    struct contact *contact = queue->first;
    if (contact != NULL) queue->first = contact->next;
    pthread_mutex_unlock(&queue->lock);
    return contact;
}

void queue_close(struct queue *queue) {
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}
