"""What Imentiv does that its document cannot say: the provider, assembled."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.contracts.lifecycle import load_lifecycles
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.provider import Behaviour, Hook, Provider, edition
from understudy.mocks.providers.imentiv import (
    analysis,
    audios,
    edits,
    films,
    frames,
    images,
    insights,
    matching,
    personality,
    reports,
    texts,
    uploads,
    videos,
)
from understudy.mocks.providers.imentiv.errors import Errors
from understudy.mocks.providers.imentiv.jobs import polling, told_at_end
from understudy.mocks.providers.imentiv.lists import list_media
from understudy.mocks.providers.imentiv.subject import found
from understudy.mocks.resource import generic


def edit_audio(call: Call) -> Answer:
    """Another title or description of a sound."""
    return videos.edit_metadata(call, found(call, "audios"))


def reprocess_audio(call: Call) -> Answer:
    """A sound anew."""
    return videos.reprocess(call, "audios")


def delete_audio(call: Call) -> Answer:
    """A sound goes with its text."""
    audio = found(call, "audios")
    videos.remove_audio(call, audio)
    return Answer(200, {"id": audio.id, "status": "deleted"})


_VIDEO = "v1_videos__video_id_"
_FRAME = f"{_VIDEO}_frames__frame_id_"
_AUDIO = "v1_audios__audio_id_"
_TEXT = "v1_texts__text_id_"
_IMAGE = "v1_images__image_id_"

SPECIAL: Mapping[str, Behaviour] = {
    "upload_video_v2_videos_post": uploads.upload_video,
    "list_videos_v1_videos_get": list_media,
    f"get_video_emotion_insights_{_VIDEO}_get": videos.read_video,
    f"delete_video_{_VIDEO}_delete": videos.delete_video,
    f"reprocess_video_{_VIDEO}_put": videos.reprocess_video,
    "get_video_multimodal_insights_v2_videos__video_id__multimodal_analytics_get": (
        videos.read_analytics
    ),
    "get_average_emotions_v2_videos__video_id__emotions_average_get": videos.read_average,
    "get_annotated_video_v2_videos__video_id__annotated_video_get": films.annotated_video,
    f"get_valence_arousal_{_VIDEO}_valence_arousal_get": frames.read_valence,
    f"get_multiple_frame_{_VIDEO}_frames_get": frames.list_frames,
    f"get_single_frame_{_FRAME}_get": frames.read_frame,
    f"retrieve_domination_emotion_for_a_specific_frame_{_FRAME}_dominant_emotion_get": (
        frames.read_dominant
    ),
    f"retrieve_emotion_intensity_{_FRAME}_valence_arousal_get": frames.read_frame_valence,
    f"update_emotion_per_frame_{_FRAME}_faces__face_id__emotions_put": edits.update_scores,
    f"edit_face_note_{_FRAME}_faces__face_id__note_put": edits.update_note,
    f"update_multiple_faces_{_VIDEO}_frames_faces_put": edits.move_faces,
    f"merge_face_{_VIDEO}_faces_put": edits.merge_faces,
    f"delete_faces_{_VIDEO}_faces_delete": edits.delete_faces,
    f"update_faces_names_{_VIDEO}_faces_names_put": edits.rename_faces,
    "process_highlight_v1_videos_highlights_post": films.make_highlights,
    f"fetch_highlight_video_{_VIDEO}_highlights_get": films.read_highlights,
    f"update_highlight_video_{_VIDEO}_highlights_put": films.change_highlights,
    f"download_highlight_video_{_VIDEO}_highlight_video_get": films.download_highlights,
    f"edit_title_or_description_by_id_{_VIDEO}_metadata_put": videos.edit_video,
    f"generate_video_emotion_analysis_report_{_VIDEO}_report_post": reports.make_tables,
    f"download_video_emotion_analysis_report_{_VIDEO}_report_get": reports.download_tables,
    "upload_audio_v2_audios_post": uploads.upload_audio,
    "list_audios_v1_audios_get": list_media,
    f"get_audio_emotion_insights_{_AUDIO}_get": audios.read_audio,
    f"reprocess_audio_{_AUDIO}_put": reprocess_audio,
    f"delete_an_audio_{_AUDIO}_delete": delete_audio,
    "get_audio_multimodal_insights_v2_audios__audio_id__multimodal_analytics_get": (
        audios.read_audio_analytics
    ),
    f"delete_audio_segment_{_AUDIO}__segment_index__delete": audios.delete_segment,
    f"update_audio_transcripts_segments_{_AUDIO}_transcript_put": audios.update_transcript,
    f"replace_audio_transcript_{_AUDIO}_transcript_replace_put": audios.replace_transcript,
    f"update_speaker_names_{_AUDIO}_speakers_names_put": audios.rename_speakers,
    f"edit_title_or_description_{_AUDIO}_metadata_put": edit_audio,
    f"download_audio_emotion_report_{_AUDIO}_report_get": reports.download_audio_table,
    "upload_text_v2_texts_post": uploads.upload_text,
    "list_texts_v1_texts_get": list_media,
    f"get_text_emotion_insights_{_TEXT}_get": texts.read_text,
    f"delete_text_{_TEXT}_delete": texts.delete_text,
    f"reprocess_text_{_TEXT}_put": texts.reprocess_text,
    f"edit_text_{_TEXT}_emotions_put": texts.edit_text,
    f"download_text_emotion_report_{_TEXT}_report_get": reports.download_text_table,
    "upload_image_v2_images_post": uploads.upload_image,
    "list_images_v1_images_get": list_media,
    f"get_image_emotion_analysis_{_IMAGE}_get": images.read_image,
    f"delete_image_{_IMAGE}_delete": images.delete_image,
    f"reprocess_image_{_IMAGE}_put": images.reprocess_image,
    f"send_image_{_IMAGE}_annotated_image_get": images.download_annotated,
    f"add_note_to_specific_face_{_IMAGE}_faces__face_id__note_put": images.note_image_face,
    f"edit_image_metadata_{_IMAGE}_metadata_put": images.edit_image,
    f"download_image_emotion_report_{_IMAGE}_report_get": reports.download_image_table,
    "generate_pdf_report_v2_reports_pdf__media_id__get": reports.pdf_report,
    "chat_ai_insights_v2__media_type___media_id__ai_insights_post": insights.ask,
    "get_ai_insights_history_v2__media_type___media_id__ai_insights_get": insights.history,
    "update_speaker_face_match_v2_videos__video_id__speaker_face_match_put": matching.match,
    "trigger_speaker_face_match_v2_videos__video_id__speaker_face_match_post": (
        matching.match_automatically
    ),
    "trigger_personality_analysis_v2_videos__video_id__personality_analyze_post": (
        personality.analyze_personality
    ),
    "get_personality_analysis_v2_videos__video_id__faces__face_id__personality_analysis_get": (
        personality.read_personality
    ),
}

HOOKS: Mapping[str, Hook] = {
    **analysis.HOOKS,
    **dict.fromkeys(("annotated-video", "highlights", "csv-report", "pdf-report"), told_at_end),
    "personality": personality.personality_entered,
    "speaker-face-match": matching.matched,
}
"""What happens when a task of a lifecycle enters a status; snapshots name them so too."""


def provider() -> Provider:
    """Imentiv AI, /v1 and /v2 together."""
    contract = Contract.load("imentiv/v1")
    lifecycles = load_lifecycles("imentiv")
    media = analysis.LIFECYCLES.values()
    polls = {poll for name, each in lifecycles.items() if name not in media for poll in each.polls}
    special = {
        name: polling(behaviour) if name in polls else behaviour
        for name, behaviour in SPECIAL.items()
    }
    return Provider(
        name="imentiv",
        editions=(edition(contract, special, generic),),
        envelope=Errors(),
        lifecycles=lifecycles,
        hooks=HOOKS,
    )
